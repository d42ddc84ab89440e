/**
 * Random bits to a standard normal, by the same steps and in the same precision as `shaders/lib/normal.wgsl` (its head says why): every operation is
 * rounded to f32, so the two differ only by what WGSL allows for `log` and `sqrt`.
 */

const f = Math.fround;

const central = [
  2.12331356, 3.48802685e-1, -5.90812991e-3, -1.77304174e-3, 3.09115094e-4, -6.20788034e-6, -4.98119461e-6,
  4.85179102e-7, 3.95832098e-8,
].map(f);
const tail = [
  4.62629658, 1.42411916, 4.88017595e-3, -2.65496328e-3, 9.3641652e-4, -2.79264965e-4, 5.57273506e-5, 1.79049181e-5,
  -1.30061637e-5,
].map(f);

const polynomial = (coefficients: readonly number[], v: number) =>
  coefficients.reduceRight((z, c) => f(f(z * v) + c), 0);

export function normal_from_bits(bits: number): number {
  const m = bits & 0x7fffffff;
  const p = f(f(f(m) + 0.5) * 2 ** -32);
  const x = f(f(f(0x7fffffff - m) + 0.5) * 2 ** -31);
  const w = f(-f(Math.log(f(f(4 * p) * f(1 - p)))));
  const z = w < 5 ? f(x * polynomial(central, f(w - 2.5))) : polynomial(tail, f(f(Math.sqrt(w)) - f(3.43626794)));
  return bits >>> 31 === 1 ? -z : z;
}
