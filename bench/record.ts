/**
 * What a benchmark stores: its type, its check, its text. The same schema is checked when a result is written and when the report reads it, so that a
 * number in the README is never something that merely looked like one.
 */

import * as v from 'valibot';
import { UserError } from '../src/model/user_error.ts';

const number = v.pipe(v.number('must be a number'), v.finite('must be finite'));
const positive = v.pipe(number, v.minValue(0, 'must not be negative'));
const count = v.pipe(positive, v.integer('must be a whole number'));
const words = v.pipe(v.string('must be a text'), v.nonEmpty('must not be empty'));

const timing = v.strictObject({
  /** Milliseconds. */
  median: positive,
  lower_quartile: positive,
  upper_quartile: positive,
  repeats: v.pipe(count, v.minValue(1, 'must be at least 1')),
});

const limits = v.strictObject({
  /** Bytes read and bytes written per second, by a kernel that copies vec4<f32>. */
  copy_kernel: positive,
  /** The same by copyBufferToBuffer. */
  copy_buffer: positive,
  /** Bytes of each of the two buffers copied between. */
  copy_bytes: count,
  /** f32 multiply-adds per second, independent chains; twice as many floating-point operations. */
  multiply_add: positive,
  /** Milliseconds of one empty dispatch among many in one pass. */
  dispatch_ms: positive,
  /** Milliseconds from the submit of one empty dispatch until the host knows that it is done. */
  submit_ms: positive,
  /** Milliseconds to read 4 bytes back. */
  read_back_ms: positive,
});

/** What one unit of work must move and compute, counted from the shader, and how long that takes at the limits measured in the same run. */
const bound = v.strictObject({
  bytes: positive,
  operations: positive,
  ms: positive,
  by: v.picklist(['bandwidth', 'arithmetic']),
  /** Time at the limit over the time measured: 1 is the limit. */
  ratio: positive,
});

const peer = v.variant('outcome', [
  v.strictObject({
    outcome: v.literal('measured'),
    tool: words,
    version: words,
    device: words,
    threads: v.exactOptional(count),
    /** Milliseconds, the same work. */
    median: positive,
    lower_quartile: v.exactOptional(positive),
    upper_quartile: v.exactOptional(positive),
    repeats: v.exactOptional(v.pipe(count, v.minValue(1, 'must be at least 1'))),
    /** Compilation and choosing the fastest variant, before the repeats. */
    preparation_seconds: v.exactOptional(positive),
    /** The peer's median over ours, which is the mean of the row's two medians (`wall`, `wall_again`): above 1 we are faster. */
    ratio: positive,
    /** How the answers compare. */
    agreement: words,
    note: v.exactOptional(words),
  }),
  v.strictObject({ outcome: v.literal('skipped'), tool: words, reason: words }),
]);

/** Of warm-up, of learning a law of trajectory lengths, and of the draws that count. */
const by_phase = v.strictObject({ warm_up: positive, learning: positive, sampling: positive });

/** What a run of chains gave, beside its time. */
const sampling = v.strictObject({
  /** Of the effective sample sizes. */
  estimator: words,
  step: positive,
  /** Leapfrog steps per transition. */
  mean_steps: positive,
  acceptance: positive,
  divergences: count,
  /** Smallest over the coordinates, and over their squares. */
  ess: v.strictObject({ theta: positive, square: positive }),
  /** Joint evaluations of log density and gradient: one per leapfrog step. */
  gradients: by_phase,
  seconds: by_phase,
});

/** Of merged draws from exact ones. */
const distance = v.strictObject({
  name: words,
  value: positive,
  /** Between the draws of several networks. */
  sd: v.exactOptional(positive),
  /** Between two halves of the exact draws. */
  floor: positive,
});

const row = v.strictObject({
  /** What ran, in words: model, gradient, shape. */
  label: words,
  shape: v.exactOptional(v.picklist(['lane', 'workgroup', 'grid'])),
  /** The fastest of the shapes that ran on this work. */
  best: v.exactOptional(v.boolean()),
  sizes: v.record(v.string(), number),
  work: v.strictObject({ count: positive, unit: words }),
  /** From the first submit until the host knows that all is done. */
  wall: timing,
  /** The same once more, after the peers have run: a machine that others use too drifts. */
  wall_again: v.exactOptional(timing),
  /** Sum over compute passes. */
  gpu: v.exactOptional(timing),
  /** Why there is no GPU time, or what is odd about it. */
  gpu_note: v.exactOptional(words),
  /** Units of work per second, by the median wall time. */
  rate: positive,
  bound: v.exactOptional(bound),
  sampling: v.exactOptional(sampling),
  distances: v.exactOptional(v.array(distance)),
  peers: v.array(peer),
  note: v.exactOptional(words),
});

/** A number made from rows, or checked beside them: an exponent, an evidence. */
const finding = v.strictObject({
  label: words,
  value: number,
  standard_error: v.exactOptional(number),
  unit: v.exactOptional(words),
  /** In words, with the numbers `met` was decided by. */
  wanted: v.exactOptional(words),
  met: v.exactOptional(v.boolean()),
});

/** What was left out, and why: too long, or more than the adapter holds. */
const skipped = v.strictObject({ label: words, reason: words });

export const record_schema = v.strictObject({
  format: v.literal('langevin-bench-1'),
  subject: words,
  quick: v.boolean(),
  command: words,
  date: words,
  /** Of the working tree, with + if it had changes. Absent in a page. */
  commit: v.exactOptional(words),
  adapter: v.strictObject({
    kind: v.picklist(['hardware', 'software']),
    name: words,
    vendor: v.string(),
    architecture: v.string(),
    driver: v.string(),
  }),
  /** Dawn's package, or the browser. */
  implementation: words,
  /** Node's version. Absent in a page. */
  node: v.exactOptional(words),
  cores: count,
  /** `exact`, or rounded as browsers do, or none. */
  timestamps: v.picklist(['exact', 'rounded', 'none']),
  limits,
  rows: v.array(row),
  findings: v.array(finding),
  /** Empty too in results from before there was such a list. */
  skipped: v.optional(v.array(skipped), []),
  /** What ended the run before its end; the rows are those finished by then. */
  failure: v.exactOptional(words),
  seconds: positive,
});

export type Timing = v.InferOutput<typeof timing>;
export type Limits = v.InferOutput<typeof limits>;
export type Bound = v.InferOutput<typeof bound>;
export type Peer = v.InferOutput<typeof peer>;
export type Row = v.InferOutput<typeof row>;
export type Sampling = v.InferOutput<typeof sampling>;
export type Distance = v.InferOutput<typeof distance>;
export type Finding = v.InferOutput<typeof finding>;
export type Skipped = v.InferOutput<typeof skipped>;
export type BenchRecord = v.InferOutput<typeof record_schema>;

/** Throws Error naming the first field that is not right. */
export function check_record(x: unknown): BenchRecord {
  const result = v.safeParse(record_schema, x);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new Error(`${v.getDotPath(issue) ?? 'the result'}: ${issue.message}.`);
}

/** The text of a result file, checked. */
export const write_record = (record: BenchRecord): string => `${JSON.stringify(check_record(record), null, 2)}\n`;

/** Reads a result file's text. Throws UserError with its name and what is wrong with it. */
export function read_record(text: string, path: string): BenchRecord {
  try {
    return check_record(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${path} is not the result of a benchmark: ${reason}\nMeasure again with --out, or remove it.`);
  }
}
