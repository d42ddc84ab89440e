/** A web worker that is one rank of every population of the page, as a process is with `langevin worker`: it has a device of its own, and takes its seats by leases. */

import { connect_port } from '../../../engine/ports.ts';
import { sleep } from '../../../engine/sleep.ts';
import type { Engine } from '../../../engine/types.ts';
import type { Device } from '../../../gpu/device.ts';
import { board_store } from '../../../population/board_store.ts';
import { is_over } from '../../../population/exchange/board.ts';
import { open_runs, read_spec } from '../../../population/run.ts';
import { type WorkerOptions, work_once } from '../../../population/worker.ts';
import { open_page_device } from '../../device.ts';
import { between_looks, create_meter, type DeviceUse } from '../../device_use.ts';
import { unpack_payload } from './payload.ts';

/** To the worker. */
export type Order = { begin: { rank: number; ports: MessagePort[] } } | { go: number } | { stop: true };
/** From the worker: it asks to go on with population `of`, tells how much it uses its device, or has ended. */
export type Report = { turn: number; of: number } | { use: DeviceUse } | { ended: true; problem?: string };

/** Milliseconds between looks for a seat. */
const pause = 200;

const report = (what: Report) => postMessage(what);
const stop = new AbortController();
const waiting = new Map<number, () => void>();
let turns = 0;
let device: Promise<Device> | undefined;
let looks: ReturnType<typeof setInterval> | undefined;

function take_turn(of: number): Promise<void> {
  turns += 1;
  const turn = turns;
  return new Promise((resolve) => {
    waiting.set(turn, resolve);
    report({ turn, of });
  });
}

function tell_use(opened: Device): Device {
  const look = create_meter(opened);
  looks = setInterval(() => report({ use: look() }), between_looks);
  return opened;
}

/** Nothing is left to do for this rank. */
async function is_done({ store }: Engine, rank: number): Promise<boolean> {
  for (const id of (await open_runs(store)).open) {
    const spec = await read_spec(store, id);
    if (spec && !is_over(await board_store(store, spec).read(), spec, rank)) return false;
  }
  return true;
}

async function work({ rank, ports }: { rank: number; ports: MessagePort[] }): Promise<void> {
  const engines = ports.map((port) => connect_port(port));
  try {
    await Promise.all(
      engines.map(async (engine, of) => {
        const seat: WorkerOptions = {
          ...{ engine, rank, holder: `worker-${rank}-${crypto.randomUUID()}`, signal: stop.signal },
          unpack: unpack_payload,
          open_device() {
            // What fails shows in what the rank awaits next.
            device ??= open_page_device(() => {}).then(tell_use);
            return device;
          },
          pace: () => take_turn(of),
          say: () => {},
        };
        // Who sat here when the GPU was lost may not have said that the seat is free: its lease runs out.
        while (!(await work_once(seat)) && !(await is_done(engine, rank)) && !stop.signal.aborted) await sleep(pause);
      }),
    );
    report({ ended: true });
  } catch (error) {
    report({ ended: true, problem: (error as Error).message });
  } finally {
    clearInterval(looks);
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
