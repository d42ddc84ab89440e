/** One benchmark from its limits to its result, the same in Node and in a page: they differ in the device, in what they know of themselves, and in where lines go. */

import type { Device } from '../src/gpu/device.ts';
import { adapter_words, finding_words, limits_words } from './format.ts';
import { measure_limits } from './limits.ts';
import { type BenchRecord, check_record, type Finding, type Row } from './record.ts';
import type { Peers, Subject } from './subject.ts';
import { format_rows, row_line } from './table.ts';

/** What only the place where we run can tell. */
export type Surroundings = Pick<BenchRecord, 'command' | 'implementation' | 'cores' | 'timestamps'> &
  Partial<Pick<BenchRecord, 'commit' | 'node'>>;

export interface Session {
  device: Device;
  /** Another one of the same kind. */
  open_device(): Promise<Device>;
  subject: Subject;
  quick: boolean;
  surroundings: Surroundings;
  peers?: Peers;
  print(line: string): void;
}

export async function run_session(session: Session): Promise<BenchRecord> {
  const { device, subject, quick, surroundings, print } = session;
  const begun = performance.now();
  const date = new Date().toISOString();
  const { adapter } = device;
  print(`${subject.name}: ${subject.what}`);
  print(`adapter   ${adapter_words(adapter)}, ${adapter.driver}`);
  const place = [
    surroundings.implementation,
    surroundings.node && `Node ${surroundings.node}`,
    `${surroundings.cores} CPU cores`,
  ];
  const version = surroundings.commit ? `commit ${surroundings.commit}` : undefined;
  print(`runs in   ${[...place, version, date].filter(Boolean).join(', ')}; timestamps ${surroundings.timestamps}`);
  print(`command   ${surroundings.command}`);
  const limits = await measure_limits(device, quick);
  print(`limits    ${limits_words(limits)}\n`);

  const rows: Row[] = [];
  const findings: Finding[] = [];
  await subject.run({
    device,
    open_device: session.open_device,
    quick,
    limits,
    ...(session.peers ? { peers: session.peers } : {}),
    report(row) {
      rows.push(row);
      print(row_line(row));
    },
    find(finding) {
      findings.push(finding);
      print(finding_words(finding));
    },
    say: print,
  });
  print(`\n${format_rows(rows, findings)}`);
  print(`\n${adapter_words(adapter)}; ${((performance.now() - begun) / 1000).toFixed(0)} s in all`);
  return check_record({
    format: 'langevin-bench-1',
    subject: subject.name,
    quick,
    date,
    adapter,
    ...surroundings,
    limits,
    rows,
    findings,
    seconds: (performance.now() - begun) / 1000,
  });
}

/** Whether this device's timestamps exist, and how fine they are where it runs. */
export const timestamps_of = (device: Device, where: 'exact' | 'rounded'): BenchRecord['timestamps'] =>
  device.gpu.features.has('timestamp-query') ? where : 'none';
