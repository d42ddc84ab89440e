/** The web workers that are the ranks of a page's populations. */

import type { Broker } from '../../../engine/broker/broker.ts';
import { serve_port } from '../../../engine/ports.ts';
import type { DeviceUse } from '../../device_use.ts';
import type { Order, Report } from './rank_worker.ts';

export interface Ranks {
  /** All have ended by themselves. Rejects where one could not go on. */
  readonly ended: Promise<void>;
  /** Of their devices, as far as they have told; of none when they have been stopped. */
  uses(): readonly DeviceUse[];
  stop(): Promise<void>;
}

/** Milliseconds that a worker is given to end. */
const grace = 3000;

/**
 * @param brokers of the populations; a worker is rank r of each
 * @param turn resolves when a rank of a population may go on
 */
export function start_ranks(count: number, brokers: readonly Broker[], turn: (of: number) => Promise<void>): Ranks {
  const uses = new Map<number, DeviceUse>();
  const workers = Array.from({ length: count }, (_, rank) => {
    const worker = new Worker(new URL('./rank_worker.ts', import.meta.url), { type: 'module', name: `rank ${rank}` });
    const order = (what: Order, move: Transferable[] = []) => worker.postMessage(what, move);
    const ended = new Promise<void>((resolve, reject) => {
      worker.addEventListener('error', ({ message }) =>
        reject(new Error(`the worker of rank ${rank} could not begin: ${message}`)),
      );
      worker.addEventListener('message', async ({ data }: MessageEvent<Report>) => {
        if ('turn' in data) {
          await turn(data.of);
          order({ go: data.turn });
        } else if ('use' in data) uses.set(rank, data.use);
        else if (data.problem === undefined) resolve();
        else reject(new Error(`rank ${rank}: ${data.problem}`));
      });
    });
    const channels = brokers.map((broker) => {
      const { port1, port2 } = new MessageChannel();
      serve_port(broker, port1);
      return port2;
    });
    order({ begin: { rank, ports: channels } }, channels);
    return { worker, order, ended };
  });
  const ended = Promise.all(workers.map((one) => one.ended)).then(() => undefined);
  // Who does not wait for the end does not hear of it.
  ended.catch(() => {});
  return {
    ended,
    uses: () => [...uses.values()],
    async stop() {
      for (const { order } of workers) order({ stop: true });
      const patience = new Promise((resolve) => setTimeout(resolve, grace));
      await Promise.race([Promise.allSettled(workers.map((one) => one.ended)), patience]);
      for (const { worker } of workers) worker.terminate();
      uses.clear();
    },
  };
}
