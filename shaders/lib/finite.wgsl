// Is a float finite? WGSL lets a compiler assume that NaN and infinity never occur, so no comparison can tell; the exponent bits can.

fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

fn is_minus_infinity(x: f32) -> bool {
  return bitcast<u32>(x) == 0xff800000u;
}
