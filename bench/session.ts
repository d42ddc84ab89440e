/** One benchmark from its limits to its result, the same in Node and in a page: they differ in the device, in what they know of themselves, and in where lines go. */

import type { Device } from '../src/gpu/device.ts';
import { adapter_words, finding_words, limits_words } from './format.ts';
import { measure_limits } from './limits.ts';
import { type BenchRecord, check_record, type Finding, type Limits, type Row, type Skipped } from './record.ts';
import type { Peers, RunPopulation, Subject } from './subject.ts';
import { format_rows, row_line, skipped_line } from './table.ts';

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
  /** As in Context. */
  german_credit?: readonly (readonly number[])[];
  populations?: RunPopulation;
  print(line: string): void;
}

export interface OpenSession {
  run(): Promise<BenchRecord>;
  /** What has been measured when something fails; undefined as long as there are no limits. @param failure in words */
  so_far(failure: string): BenchRecord | undefined;
}

export const run_session = (session: Session): Promise<BenchRecord> => open_session(session).run();

export function open_session(session: Session): OpenSession {
  const { device, subject, quick, surroundings, print } = session;
  const { adapter } = device;
  const begun = performance.now();
  const date = new Date().toISOString();
  const rows: Row[] = [];
  const findings: Finding[] = [];
  const skipped: Skipped[] = [];
  let limits: Limits | undefined;

  function record_of(limits: Limits, failure?: string): BenchRecord {
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
      skipped,
      ...(failure === undefined ? {} : { failure }),
      seconds: (performance.now() - begun) / 1000,
    });
  }

  function print_head() {
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
  }

  return {
    async run() {
      print_head();
      limits = await measure_limits(device, quick);
      print(`limits    ${limits_words(limits)}\n`);
      await subject.run({
        device,
        open_device: session.open_device,
        quick,
        limits,
        cores: surroundings.cores,
        ...(session.german_credit ? { german_credit: session.german_credit } : {}),
        ...(session.populations ? { populations: session.populations } : {}),
        ...(session.peers ? { peers: session.peers } : {}),
        report(row) {
          rows.push(row);
          print(row_line(row));
        },
        find(finding) {
          findings.push(finding);
          print(finding_words(finding));
        },
        skip(label, reason) {
          skipped.push({ label, reason });
          print(skipped_line({ label, reason }));
        },
        say: print,
      });
      print(`\n${format_rows(rows, findings, skipped)}`);
      print(`\n${adapter_words(adapter)}; ${((performance.now() - begun) / 1000).toFixed(0)} s in all`);
      return record_of(limits);
    },
    so_far: (failure) => limits && record_of(limits, failure),
  };
}

/** Whether this device's timestamps exist, and how fine they are where it runs. */
export const timestamps_of = (device: Device, where: 'exact' | 'rounded'): BenchRecord['timestamps'] =>
  device.gpu.features.has('timestamp-query') ? where : 'none';
