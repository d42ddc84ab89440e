/** `--dry-run`: the memory and the work of a run, by the formulas that the run itself allocates by, without running it. */

import type { BufferPlan } from '../gpu/buffer_plan.ts';
import type { Device } from '../gpu/device.ts';
import type { Model } from '../model/types.ts';
import { type HostMemory, host_shortage } from './host_memory.ts';
import type { Options } from './options.ts';
import { version } from './version.ts';

/** A part of the run that has buffers of its own; parts follow each other, and each begins with the memory of the one before free again. */
export interface Phase {
  name: string;
  memory: readonly BufferPlan[];
  /** Numbers and words by name, as they shall be printed. */
  work: Readonly<Record<string, number | string>>;
}

/** What `--dry-run --json` prints. */
export interface DryRun {
  langevin: string;
  command: readonly string[];
  model: string;
  adapter: Device['adapter'];
  phases: {
    name: string;
    work: Phase['work'];
    /** `bytes` as the formula says, `allocated` in the size class of the buffer pool. */
    buffers: Planned[];
    bytes: number;
    allocated: number;
  }[];
  /** On the device at the end: the pool keeps what a phase gives back, and serves the next one's requests of the same size class from it. */
  allocated: number;
  /** Bytes that one buffer may have on this adapter. */
  largest_buffer: number;
  host?: { buffers: { name: string; formula: string; bytes: number }[]; bytes: number; free: number };
  /** What is too large, with what would help; empty where the run fits. */
  too_large: string[];
}

interface Planned {
  name: string;
  formula: string;
  bytes: number;
  allocated: number;
}

/** As a table, or as JSON with `--json`. Gives the exit code: 2 where something does not fit. */
export function print_dry_run(
  options: Options,
  device: Device,
  model: Model,
  command: readonly string[],
  phases: readonly Phase[],
  host?: HostMemory,
): number {
  const run = dry_run(device, model, command, phases, host);
  process.stdout.write(options.flag('json') ? `${JSON.stringify(run, null, 2)}\n` : format_dry_run(run));
  if (run.too_large.length === 0) return 0;
  process.stderr.write(`${run.too_large.join('\n')}\n`);
  return 2;
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

function dry_run(
  device: Device,
  model: Model,
  command: readonly string[],
  phases: readonly Phase[],
  host: HostMemory | undefined,
): DryRun {
  const { maxBufferSize, maxStorageBufferBindingSize } = device.gpu.limits;
  const largest = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  const planned = phases.map(({ name, memory, work }) => {
    const buffers = memory.map(({ role, formula, bytes }) => ({
      name: role,
      formula,
      bytes,
      allocated: bytes > largest ? bytes : device.buffers.size_of(`langevin.${name}.${role}`, bytes),
    }));
    return {
      name,
      work,
      buffers,
      bytes: sum(buffers.map((b) => b.bytes)),
      allocated: sum(buffers.map((b) => b.allocated)),
    };
  });
  return {
    langevin: version,
    command,
    model: model.name,
    adapter: device.adapter,
    phases: planned,
    allocated: pooled(planned.map(({ buffers }) => buffers)),
    largest_buffer: largest,
    ...(host === undefined ? {} : { host: host_part(host) }),
    too_large: [
      ...planned.flatMap(({ name, buffers }) =>
        buffers
          .filter(({ bytes }) => bytes > largest)
          .map((b) => `${name}: ${b.name} needs a buffer of ${b.bytes} bytes; this adapter's limit is ${largest}.`),
      ),
      ...(host === undefined ? [] : host_shortage(host)),
    ],
  };
}

/** Bytes of all buffers that exist after these phases: of every size class as many as the phase that needs most of it. Uniform blocks are a class of their own. */
function pooled(phases: readonly (readonly { name: string; allocated: number }[])[]): number {
  const most = new Map<string, { count: number; size: number }>();
  for (const buffers of phases) {
    const counts = new Map<string, number>();
    for (const { name, allocated: size } of buffers) {
      const key = `${size}${name === 'params' ? ' uniform' : ''}`;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      most.set(key, { count: Math.max(count, most.get(key)?.count ?? 0), size });
    }
  }
  return sum([...most.values()].map(({ count, size }) => count * size));
}

function host_part({ plans, free }: HostMemory): NonNullable<DryRun['host']> {
  const buffers = plans.map(({ role, formula, bytes }) => ({ name: role, formula, bytes }));
  return { buffers, bytes: sum(buffers.map(({ bytes }) => bytes)), free };
}

/** 1234567 → 1 234 567 */
const grouped = (n: number | string) => String(n).replace(/\B(?=(\d{3})+$)/g, ' ');

/** Lines of cells, the numbers flush right. */
function columns(rows: readonly (readonly [string, string, string, string])[]): string[] {
  const width = (i: 0 | 1 | 2 | 3) => Math.max(...rows.map((row) => row[i].length));
  return rows.map(([name, formula, bytes, allocated]) =>
    `  ${name.padEnd(width(0))}  ${formula.padEnd(width(1))}  ${bytes.padStart(width(2))}  ${allocated.padStart(width(3))}`.trimEnd(),
  );
}

const allocated_text = ({ bytes, allocated }: Planned, largest: number) =>
  bytes > largest ? 'too large' : grouped(allocated);

function format_dry_run({ adapter, model, phases, allocated: in_all, largest_buffer, host }: DryRun): string {
  const lines = [`${model} on ${adapter.name}${adapter.kind === 'software' ? ' (software)' : ''}; nothing is run`];
  for (const { name, work, buffers, bytes, allocated } of phases) {
    const names = Object.keys(work);
    const longest = Math.max(...names.map((n) => n.length));
    lines.push(
      '',
      name,
      ...names.map((n) => `  ${n.padEnd(longest)}  ${grouped(work[n] as number | string)}`),
      ...columns([
        ['buffer', 'formula', 'bytes', 'allocated'],
        ...buffers.map((b) => [b.name, b.formula, grouped(b.bytes), allocated_text(b, largest_buffer)] as const),
        ['total', '', grouped(bytes), grouped(allocated)],
      ]),
    );
  }
  lines.push('', `on the device in all: ${grouped(in_all)} bytes`);
  lines.push(`largest buffer that this adapter allows: ${grouped(largest_buffer)} bytes`);
  if (host !== undefined) {
    lines.push(
      '',
      'memory of this program',
      ...columns([
        ['part', 'formula', 'bytes', ''],
        ...host.buffers.map((b) => [b.name, b.formula, grouped(b.bytes), ''] as const),
        ['total, at most', '', grouped(host.bytes), ''],
        ['free here', '', grouped(host.free), ''],
      ]),
    );
  }
  return `${lines.join('\n')}\n`;
}
