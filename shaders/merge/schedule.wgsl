// The noise schedule: variance preserving with β(t) = 0.1 + 19.9 t, t in [0, 1] (arXiv 2406.11664): x_t = a x_0 + s z, a² + s² = 1.

struct Noise {
  a: f32,
  s: f32,
}

fn noise_at(t: f32) -> Noise {
  let exponent = t * (0.05 + 4.975 * t);
  let a = exp(-exponent);
  // 1 − exp(−x) would have no digits left at the small end.
  let x = 2.0 * exponent;
  let variance = select(1.0 - exp(-x), x * (1.0 - x * (0.5 - x * (1.0 / 6.0))), x < 0.02);
  return Noise(a, sqrt(variance));
}
