// Unsigned 64-bit integers as vec2<u32>, low word first: WGSL has none. Exact, and wrapping at 2⁶⁴ like u32 at 2³².
//
// For the filter that spreads over many workgroups (filter/grid_*.wgsl), whose fixed-point weights sum to more than 2³². Twin: BigInt (test/filter/wide.test.ts).

import package::lib::systematic::multiply_high;

fn wide_add(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let low = a.x + b.x;
  return vec2<u32>(low, a.y + b.y + u32(low < a.x));
}

/// Is a less than b?
fn wide_less(a: vec2<u32>, b: vec2<u32>) -> bool {
  return a.y < b.y || (a.y == b.y && a.x < b.x);
}

/// All 64 bits of a product.
fn wide_multiply(a: u32, b: u32) -> vec2<u32> {
  return vec2<u32>(a * b, multiply_high(a, b));
}

/// a·b, where it is below 2⁶⁴.
fn wide_scale(a: vec2<u32>, b: u32) -> vec2<u32> {
  let low = wide_multiply(a.x, b);
  return vec2<u32>(low.x, low.y + a.y * b);
}

/// ⌊a·b / 2³²⌋: the part of a that the fraction b/2³² is.
fn wide_multiply_high(a: vec2<u32>, b: u32) -> vec2<u32> {
  return wide_add(wide_multiply(a.y, b), vec2<u32>(multiply_high(a.x, b), 0u));
}

struct WideDivision {
  quotient: vec2<u32>,
  rest: u32,
}

/// Long division, bit by bit: for what happens once in a step.
fn wide_divide(a: vec2<u32>, divisor: u32) -> WideDivision {
  // The high word first, so that what is left fits a word with one bit to spare.
  var quotient = vec2<u32>(0u, a.y / divisor);
  var rest = a.y % divisor;
  for (var bit = 0u; bit < 32u; bit++) {
    let carry = rest >> 31u;
    rest = (rest << 1u) | ((a.x >> (31u - bit)) & 1u);
    quotient.x <<= 1u;
    // With a carry the true rest is 2³² more than the word shows, and the difference, below 2³², comes out right.
    if (carry == 1u || rest >= divisor) {
      rest -= divisor;
      quotient.x |= 1u;
    }
  }
  return WideDivision(quotient, rest);
}

/// To f32, within 2 units in the last place; where the high word is zero, the same bits as f32(low).
fn wide_to_f32(a: vec2<u32>) -> f32 {
  return f32(a.y) * 0x1p32 + f32(a.x);
}
