/** Numbers and rows as people read them, on a terminal, in a page and in the README alike. */

import type { BenchRecord, Distance, Finding, Limits, Peer, Row, Sampling, Timing } from './record.ts';

/** Three significant digits without a power of ten: 0.00123, 1.23, 12.3, 123, 1230. */
export function three_digits(value: number): string {
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(3));
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(rounded)) + 1e-12));
  return rounded.toFixed(Math.min(20, decimals));
}

const prefixes = ['', 'k', 'M', 'G', 'T', 'P'];

/** 12300000 is `12.3 M`. */
export function with_prefix(value: number): string {
  // By the rounded value, so that 999 999 becomes 1.00 M and not 1000 k.
  const rounded = Number(value.toPrecision(3));
  const power = rounded < 1 ? 0 : Math.min(prefixes.length - 1, Math.floor(Math.log10(rounded) / 3 + 1e-12));
  const text = three_digits(rounded / 1000 ** power);
  return power === 0 ? text : `${text} ${prefixes[power]}`;
}

/** A duration with the unit that suits it. */
export function duration(ms: number): string {
  if (ms >= 999.5) return `${three_digits(ms / 1000)} s`;
  return ms < 0.9995 ? `${three_digits(ms * 1000)} µs` : `${three_digits(ms)} ms`;
}

export function timing_words({ median, lower_quartile, upper_quartile, repeats }: Timing): string {
  return repeats === 1
    ? duration(median)
    : `${duration(median)} (${duration(lower_quartile)}–${duration(upper_quartile)}, ${repeats}×)`;
}

/** Sizes in the order they were given; the three of a filter bank in one product, as everywhere in the project. */
export function size_words(sizes: Row['sizes']): string {
  const { filters, particles, steps, ...others } = sizes;
  const is_bank = filters !== undefined && particles !== undefined && steps !== undefined;
  const named = Object.entries(is_bank ? others : sizes).map(([name, value]) => `${name} ${value}`);
  return [...(is_bank ? [`${filters} × ${particles} × ${steps}`] : []), ...named].join(', ');
}

export const rate_words = (row: Row): string => `${with_prefix(row.rate)} ${row.work.unit}/s`;

export function bound_words(row: Row): string {
  if (!row.bound) return '';
  return `${three_digits(100 * row.bound.ratio)} % of ${row.bound.by}`;
}

/** What a gradient and a second are worth, the worse of θ and θ² in the end; then how the chains moved, and what came before the draws that count. */
export function sampling_words({ ess, gradients, seconds, ...run }: Sampling): string {
  const { theta, square } = ess;
  const per_gradient = (size: number) => three_digits(size / gradients.sampling);
  const before = (['warm_up', 'learning'] as const).flatMap((phase) => {
    const cost = `${with_prefix(gradients[phase])} gradients, ${duration(1000 * seconds[phase])}`;
    return gradients[phase] > 0 ? [`${phase.replace('_', '-')} ${cost}`] : [];
  });
  return [
    `ESS per gradient: θ ${per_gradient(theta)}, θ² ${per_gradient(square)}; worse one per second ${with_prefix(Math.min(theta, square) / seconds.sampling)}`,
    `step ${three_digits(run.step)}, ${three_digits(run.mean_steps)} steps, acceptance ${three_digits(run.acceptance)}`,
    ...(run.divergences > 0 ? [`${run.divergences} divergences`] : []),
    ...before,
  ].join('; ');
}

/** `d_mah 0.0941 ± 0.0123 (floor 0.0182)`. */
export const distance_words = (distances: readonly Distance[]): string =>
  distances
    .map(({ name, value, sd, floor }) => {
      const error = sd === undefined ? '' : ` ± ${three_digits(sd)}`;
      return `${name} ${three_digits(value)}${error} (floor ${three_digits(floor)})`;
    })
    .join(', ');

/** Who a peer is: `PyTorch 2.9 (cpu, 2 threads)`. */
export function peer_name({ tool, version, device, threads }: Peer & { outcome: 'measured' }): string {
  const on = threads === undefined ? device : `${device}, ${threads} thread${threads === 1 ? '' : 's'}`;
  return `${tool} ${version} (${on})`;
}

/** Its time, and how many times ours that is: below 1 we lose. */
export const peer_time = (peer: Peer & { outcome: 'measured' }): string =>
  `${peer_name(peer)}: ${duration(peer.median)}, ${three_digits(peer.ratio)}× ours`;

export function peer_words(peer: Peer): string {
  if (peer.outcome === 'skipped') return `${peer.tool}: skipped: ${peer.reason}`;
  const { preparation_seconds: preparation } = peer;
  const before = preparation === undefined ? undefined : `prepared in ${duration(1000 * preparation)}`;
  return [peer_time(peer), before, peer.agreement, peer.note].filter(Boolean).join('; ');
}

export function finding_words(finding: Finding): string {
  const error = finding.standard_error === undefined ? '' : ` ± ${three_digits(finding.standard_error)}`;
  const unit = finding.unit === undefined ? '' : ` ${finding.unit}`;
  const verdict = finding.met === undefined ? '' : finding.met ? ': met' : ': NOT met';
  const wanted = finding.wanted === undefined ? '' : ` (wanted ${finding.wanted}${verdict})`;
  return `${finding.label}: ${number_words(finding.value)}${error}${unit}${wanted}`;
}

/** Four decimals at most; whole numbers whole, and what no one could count through with an exponent. */
const number_words = (value: number): string =>
  Math.abs(value) >= 1e9
    ? value.toExponential(2)
    : Number.isInteger(value)
      ? String(value)
      : Math.abs(value) < 1e-3
        ? value.toPrecision(3)
        : String(Number(value.toFixed(4)));

/** `software, not a GPU` wherever an adapter is named. */
export const adapter_words = ({ name, kind }: BenchRecord['adapter']): string =>
  `${name} (${kind === 'software' ? 'software, not a GPU' : 'hardware'})`;

export function limits_words(limits: Limits): string {
  const gigabytes = (bytes: number) => `${three_digits(bytes / 1e9)} GB/s`;
  return [
    `copy ${gigabytes(limits.copy_kernel)} by a kernel, ${gigabytes(limits.copy_buffer)} by command (${limits.copy_bytes / 2 ** 20} MiB)`,
    `${with_prefix(limits.multiply_add)} f32 multiply-adds/s`,
    `dispatch ${duration(limits.dispatch_ms)}`,
    `submit and wait ${duration(limits.submit_ms)}`,
    `read-back ${duration(limits.read_back_ms)}`,
  ].join('; ');
}
