/** The child of main.ts: one benchmark on one adapter, in the environment that the launcher prepared. Prints as it goes, stores the result at the end. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { close_and_exit, request_device } from '../src/node/dawn.ts';
import { commit, dawn_version } from './environment.ts';
import { parse_bench_options } from './options.ts';
import { filter_peers } from './peers/filter_peers.ts';
import { write_record } from './record.ts';
import { run_session, timestamps_of } from './session.ts';
import { subject_named } from './subjects.ts';

const options = parse_bench_options(process.argv.slice(2));
const { name, out } = options;
if (name === undefined || out === undefined) throw new Error('bench/main.ts gives a name and a file');
const flags = [
  options.quick && '--quick',
  !options.peers && '--no-peers',
  options.peer_limit !== undefined && `--peer-limit ${options.peer_limit}`,
].filter((flag) => flag !== false);
const open_device = () =>
  request_device((error) => {
    process.stderr.write(`${name} failed: ${error.message}\n`);
    process.exit(1);
  });
const device = await open_device();
const hash = commit();
const record = await run_session({
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
  ...(options.peers ? { peers: filter_peers(options.peer_limit) } : {}),
  print: (line) => process.stdout.write(`${line}\n`),
});
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, write_record(record));
process.stdout.write(`written to ${out}\n`);
await close_and_exit(device, 0);
