/**
 * Writes a number as WGSL reads it: a float literal, `5.0` and not `5`, in parentheses when negative so that it can stand anywhere in an expression.
 *
 * The shortest decimal that is this float64 is printed; WGSL rounds it once, to the nearest f32. Nothing that f32 cannot hold is ever printed:
 * beyond its range WGSL would refuse the whole shader.
 */
export function wgsl_number(value: number): string {
  if (!Number.isFinite(Math.fround(value))) throw new RangeError(`${value} is not a finite f32`);
  const magnitude = Math.abs(value);
  // A subnormal may be flushed to zero anyway; zero says so openly.
  if (magnitude < 2 ** -126) return '0.0';
  const digits = String(magnitude);
  const literal = /[.e]/.test(digits) ? digits : `${digits}.0`;
  return value < 0 ? `(-${literal})` : literal;
}
