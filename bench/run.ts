/**
 * The child of main.ts: one benchmark on one adapter, in the environment that the launcher prepared. Prints as it goes and stores the result at the end; when something
 * fails inside, what was finished by then, with exit code 1.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import type { Device } from '../src/gpu/device.ts';
import { GpuError } from '../src/gpu/gpu_error.ts';
import { UserError } from '../src/model/user_error.ts';
import { close_and_exit, request_device } from '../src/node/dawn.ts';
import { commit, dawn_version } from './environment.ts';
import { german_credit_rows, has_german_credit } from './models/german_credit.ts';
import { parse_bench_options } from './options.ts';
import { filter_peers } from './peers/filter_peers.ts';
import { sample_peers } from './peers/sample_peers.ts';
import { train_peers } from './peers/train_peers.ts';
import { type BenchRecord, write_record } from './record.ts';
import { run_population } from './run_population.ts';
import { type OpenSession, open_session, timestamps_of } from './session.ts';
import { subject_named } from './subjects.ts';

const options = parse_bench_options(process.argv.slice(2));
const { name, out } = options;
if (name === undefined || out === undefined) throw new Error('bench/main.ts gives a name and a file');
const flags = [
  options.quick && '--quick',
  !options.peers && '--no-peers',
  options.peer_limit !== undefined && `--peer-limit ${options.peer_limit}`,
].filter((flag) => flag !== false);

let device: Device | undefined;
let session: OpenSession | undefined;
let is_failing = false;

/** Called for what the session throws and for what the device reports by itself; the second of the two adds nothing. */
async function fail(name: string, out: string, error: unknown): Promise<void> {
  if (is_failing) return;
  is_failing = true;
  const message = error instanceof Error ? error.message : String(error);
  const is_explained = error instanceof GpuError || error instanceof UserError;
  process.stderr.write(`${name} failed: ${(!is_explained && error instanceof Error && error.stack) || message}\n`);
  const record = session?.so_far(message);
  if (record) store(record, out);
  await close_and_exit(device, 1);
}

function store(record: BenchRecord, out: string) {
  const text = write_record(record);
  try {
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, text);
  } catch (error) {
    throw new UserError(`${out} cannot be written: ${(error as Error).message}.`);
  }
  process.stdout.write(`written to ${out}\n`);
}

const open_device = () => request_device((error) => void fail(name, out, error));
try {
  device = await open_device();
  const hash = commit();
  session = open_session({
    device,
    open_device,
    subject: subject_named(name),
    quick: options.quick,
    surroundings: {
      command: ['npm run bench --', name, `--adapter "${device.adapter.name}"`, ...flags].join(' '),
      implementation: `Dawn of ${dawn_version()}`,
      node: process.version,
      cores: availableParallelism(),
      timestamps: timestamps_of(device, 'exact'),
      ...(hash ? { commit: hash } : {}),
    },
    ...(options.peers
      ? {
          peers: {
            ...filter_peers(options.peer_limit),
            ...sample_peers(options.peer_limit),
            ...train_peers(options.peer_limit),
          },
        }
      : {}),
    populations: run_population,
    ...(has_german_credit ? { german_credit: german_credit_rows('a') } : {}),
    print: (line) => process.stdout.write(`${line}\n`),
  });
  const record = await session.run();
  session = undefined; // from here on there is nothing to save but this
  store(record, out);
  await close_and_exit(device, 0);
} catch (error) {
  await fail(name, out, error);
}
