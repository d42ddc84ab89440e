// Random bits to a standard normal by the inverse of its distribution function.
//
// One bit is the sign and 31 bits are the magnitude: p = (m + ½)·2⁻³² in (0, ½) is the probability beyond |z|. Small p keep their full relative
// precision in f32, so the tail reaches 6.34 (p = 2⁻³³) with steps far below the value. The map is monotone in the bits up to rounding,
// which common random numbers rely on, and has no sin or cos, which WGSL promises only to 2⁻¹¹.
//
// With x = 1 − 2p and w = −log(1 − x²) = −log(4p(1−p)) (the variable of Giles 2010, "Approximating the erfinv function"):
//   w < 5   z = x·P(w − 2.5)           P, Q of degree 8, fitted by us to the quantile in float64
//   w ≥ 5   z = Q(√w − 3.436)
// Error against float64 with every operation rounded once: relative ≤ 4e-7, absolute ≤ 8e-7 over all 2³¹ magnitudes
// (test/random/normal.test.ts). Same steps in src/random/normal.ts.

fn central(w: f32) -> f32 {
  let v = w - 2.5;
  var z = 3.95832098e-8;
  z = z * v + 4.85179102e-7;
  z = z * v - 4.98119461e-6;
  z = z * v - 6.20788034e-6;
  z = z * v + 3.09115094e-4;
  z = z * v - 1.77304174e-3;
  z = z * v - 5.90812991e-3;
  z = z * v + 3.48802685e-1;
  return z * v + 2.12331356;
}

fn tail(w: f32) -> f32 {
  let v = sqrt(w) - 3.43626794;
  var z = -1.30061637e-5;
  z = z * v + 1.79049181e-5;
  z = z * v + 5.57273506e-5;
  z = z * v - 2.79264965e-4;
  z = z * v + 9.3641652e-4;
  z = z * v - 2.65496328e-3;
  z = z * v + 4.88017595e-3;
  z = z * v + 1.42411916;
  return z * v + 4.62629658;
}

/// A standard normal for 32 random bits; the top bit is the sign.
fn normal_from_bits(bits: u32) -> f32 {
  let m = bits & 0x7fffffffu;
  let p = (f32(m) + 0.5) * 0x1p-32;
  // From the integer, because 1 − 2p would lose the digits of x near the centre.
  let x = (f32(0x7fffffffu - m) + 0.5) * 0x1p-31;
  let w = -log(4.0 * p * (1.0 - p));
  var z = x * central(w);
  if (w >= 5.0) {
    z = tail(w);
  }
  return select(z, -z, bits >= 0x80000000u);
}
