/** A web worker that is one rank of every population of the page, as a process is with `langevin worker`: it has a device of its own, and takes its seats by leases. */

import { connect_port } from '../../../engine/ports.ts';
import type { Device } from '../../../gpu/device.ts';
import { work_once } from '../../../population/worker.ts';
import { open_page_device } from '../../device.ts';
import { unpack_payload } from './payload.ts';

/** To the worker. */
export type Order = { begin: { rank: number; ports: MessagePort[] } } | { go: number } | { stop: true };
/** From the worker: it asks to go on with population `of`, or has ended. */
export type Report = { turn: number; of: number } | { ended: true; problem?: string };

const report = (what: Report) => postMessage(what);
const stop = new AbortController();
const waiting = new Map<number, () => void>();
let turns = 0;
let device: Promise<Device> | undefined;

function take_turn(of: number): Promise<void> {
  turns += 1;
  const turn = turns;
  return new Promise((resolve) => {
    waiting.set(turn, resolve);
    report({ turn, of });
  });
}

async function work({ rank, ports }: { rank: number; ports: MessagePort[] }): Promise<void> {
  const engines = ports.map((port) => connect_port(port));
  try {
    await Promise.all(
      engines.map((engine, of) =>
        work_once({
          ...{ engine, rank, holder: `worker-${rank}-${crypto.randomUUID()}`, signal: stop.signal },
          unpack: unpack_payload,
          open_device() {
            // What fails shows in what the rank awaits next.
            device ??= open_page_device(() => {});
            return device;
          },
          pace: () => take_turn(of),
          say: () => {},
        }),
      ),
    );
    report({ ended: true });
  } catch (error) {
    report({ ended: true, problem: (error as Error).message });
  } finally {
    (await device?.catch(() => undefined))?.destroy();
  }
}

addEventListener('message', ({ data }: MessageEvent<Order>) => {
  if ('begin' in data) void work(data.begin);
  else if ('go' in data) {
    waiting.get(data.go)?.();
    waiting.delete(data.go);
  } else {
    stop.abort();
    for (const resolve of waiting.values()) resolve();
    waiting.clear();
  }
});
