// Random bits to a uniform in the open interval (0, 1).
//
// 23 bits and a half: the value (k + ½)·2⁻²³ is exact in f32, so neither 0 nor 1 can occur, whatever the rounding mode.

fn uniform_open(bits: u32) -> f32 {
  return (f32(bits >> 9u) + 0.5) * 0x1p-23;
}
