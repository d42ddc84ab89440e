/** `langevin worker`: joins what runs over NATS, from any machine: as a rank of populations, and to sample shards. */

import { patient } from '../../engine/patient.ts';
import { rank_from } from '../../engine/rank_from.ts';
import { sleep } from '../../engine/sleep.ts';
import type { Engine } from '../../engine/types.ts';
import type { Device } from '../../gpu/device.ts';
import { UserError } from '../../model/user_error.ts';
import { open_runs } from '../../population/run.ts';
import { work_once } from '../../population/worker.ts';
import { adapter_option, type Command, type CommandContext } from '../command.ts';
import { connect_embedded } from '../engine/embedded/client.ts';
import { engine_options, engine_over_nats, process_name, say_change } from '../engine/options.ts';
import { work_on_job } from '../jobs/work_on_job.ts';
import type { Options } from '../options.ts';
import { unpack_payload } from '../population/payload.ts';

/** Between looks for work. */
const pause = 500;
/** A broker that is a process of this machine comes back soon, or not at all. */
const local_patience = 20_000;

export const worker: Command = {
  usage: '--nats URL [--rank R] [--once]',
  summary: 'joins what runs over NATS, from any machine: a rank of populations, and the sampling of shards',
  options: {
    ...engine_options,
    rank: {
      kind: 'text',
      value: 'R',
      help: 'this rank (default: that of Open MPI, PMI, Slurm or a Kubernetes index; else any that is free)',
    },
    once: { kind: 'flag', help: 'end when the runs that are open are done; otherwise it waits for more' },
    jobs: { kind: 'flag', help: 'sample shards only' },
    lease: {
      kind: 'text',
      value: 'S',
      help: 'seconds without news after which another may take the rank, and three times as many for a job (default 10)',
    },
    folder: {
      kind: 'text',
      value: 'DIR',
      help: 'instead of --nats: of a run on this machine, as langevin population starts them',
    },
    ...adapter_option,
  },
  interruptible: true,
  examples: ['--nats nats://127.0.0.1:4222', '--nats tls://broker:4222 --nats-creds me.creds --once'],
  async run({ options, signal, open_device }) {
    const source = rank_from(options.text('rank'), process.env);
    const seconds = options.whole('lease', 10, 1, 3600);
    const engine = await engine_of(options, 3000 * seconds);
    // Who leads a run of this machine speaks for its ranks.
    const say = options.text('folder') === undefined ? (line: string) => process.stderr.write(`${line}\n`) : () => {};
    if (source && source.from !== '--rank') say(`rank ${source.rank}, by ${source.from}`);
    let device: Promise<Device> | undefined;
    /** When this process last had something to do. */
    let worked: number | undefined;
    /** There was a run, if only one whose seats were taken. */
    let has_seen = false;
    try {
      const device_once: CommandContext['open_device'] = (model, rows) => {
        device ??= open_device(model, rows);
        return device;
      };
      while (!signal.aborted) {
        const has_worked =
          (!options.flag('jobs') &&
            (await work_once({
              ...{ engine, holder: process_name(), lease: 1000 * seconds, signal, say, open_device: device_once },
              unpack: unpack_payload,
              ...(source ? { rank: source.rank } : {}),
            }))) ||
          // A process that was told to be a rank leaves the jobs to others.
          (source?.from !== '--rank' && (await work_on_job(engine, { signal, say, open_device: device_once })));
        if (has_worked) {
          worked = performance.now();
          continue;
        }
        if (options.flag('once')) {
          const { open, has_stopped } = await open_runs(engine.store);
          has_seen ||= open.length > 0;
          const is_over = open.length === 0 && (worked !== undefined || has_seen || has_stopped);
          // A job of another's may come free yet.
          const is_awaited =
            source?.from !== '--rank' && worked !== undefined && performance.now() - worked < engine.jobs.hold + pause;
          if (is_over && !is_awaited) break;
        }
        await sleep(pause);
      }
      return signal.aborted ? 130 : 0;
    } finally {
      await engine.close();
    }
  },
};

/** @param hold of claims, in milliseconds */
async function engine_of(options: Options, hold: number): Promise<Engine> {
  const folder = options.text('folder');
  if (folder !== undefined && options.text('nats') !== undefined)
    throw new UserError('--folder and --nats are two ways to the same.\nGive one of them.');
  if (folder !== undefined)
    return patient(connect_embedded({ folder, hold }), { patience: local_patience, on_change: say_change });
  const engine = await engine_over_nats(options, { hold });
  if (!engine) throw new UserError('Where is the run? --nats URL, e.g. --nats nats://127.0.0.1:4222.');
  return engine;
}
