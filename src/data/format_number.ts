/** Numbers as people read them: as many digits as the Monte Carlo error supports, no more. */

/**
 * Decimals that show `digits` significant digits of `error`, e.g. 3 for 0.0123 and 2 digits. Not below 0 and at most
 * 12; an error of zero or one that is not finite tells nothing, so undefined.
 */
export function decimals_for(error: number, digits = 2): number | undefined {
  if (!(error > 0) || !Number.isFinite(error)) return undefined;
  // toExponential rounds first, so that 0.0996 counts as 0.10 and not as 0.099.
  const exponent = Number(error.toExponential(digits - 1).split('e')[1]);
  return Math.min(12, Math.max(0, digits - 1 - exponent));
}

/** Fixed decimals, or exponent notation where that would be unreadable (many leading zeros or beyond 9 digits). */
export function format_fixed(x: number, decimals: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? '–' : x > 0 ? '∞' : '−∞';
  const magnitude = Math.abs(x);
  const text = magnitude >= 1e9 || decimals > 8 ? x.toExponential(3) : x.toFixed(decimals);
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

/** `digits` significant digits without trailing zeros: 0.5, 1234, 3.2e-7. */
export function format_significant(x: number, digits = 3): string {
  if (!Number.isFinite(x) || x === 0) return format_fixed(x, 0);
  const magnitude = Math.abs(x);
  if (magnitude >= 1e6 || magnitude < 1e-4)
    return x
      .toExponential(digits - 1)
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e');
  return String(magnitude >= 10 ** digits ? Math.round(x) : Number(x.toPrecision(digits)));
}
