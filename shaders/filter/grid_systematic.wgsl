// Systematic resampling in 64-bit integers, for one filter of up to 2²⁴ particles: lib/systematic.wgsl, with room for larger sums.
//
// Up to 16384 particles the fixed-point weights, their coarse form and the points are the same integers as there, so that all shapes of the bank choose the same parents. Beyond that,
// weights have 31 bits, rounded to the nearest, so N weights lose at most N·2⁻³² of the largest weight in all; their sum is at most N·2³¹ ≤ 2⁵⁵. The coarse weights, from which the decision to resample is
// made, have 19 bits: N squares of 2³⁸ sum to at most 2⁶².
//
// Twin: test/filter/grid_twin.ts, in BigInt.

import package::lib::systematic::{fixed_point_scale, coarse};
import package::lib::wide::{wide_add, wide_scale, wide_multiply, wide_multiply_high, wide_divide, wide_to_f32};

/// Up to so many particles a sum of fixed-point weights fits a word.
const most_in_one_word = 16384u;

/// What a weight of 1 is as a fixed-point integer.
fn weight_scale(count: u32) -> f32 {
  return select(0x1p31, fixed_point_scale(count), count <= most_in_one_word);
}

fn coarse_weight(fixed: u32, count: u32) -> u32 {
  return select(fixed >> 12u, coarse(fixed, count), count <= most_in_one_word);
}

/// Effective sample size (Σr)²/Σr² of the coarse weights; for sums that fit a word the same bits as lib/systematic.wgsl's.
fn wide_coarse_ess(sum: vec2<u32>, sum_of_squares: vec2<u32>) -> f32 {
  return wide_to_f32(sum) * wide_to_f32(sum) / wide_to_f32(sum_of_squares);
}

/// The points p_i = ⌊(i·total + u)/slots⌋ = whole·i + base + ⌊(part·i + rest)/slots⌋, with u = ⌊bits·total/2³²⌋.
struct WidePoints {
  whole: vec2<u32>,
  base: vec2<u32>,
  part: u32,
  rest: u32,
  slots: u32,
}

/// `bits`: 32 random bits, the one uniform that all slots share. Needs slots ≤ 2²⁴.
fn wide_points(total: vec2<u32>, slots: u32, bits: u32) -> WidePoints {
  let step = wide_divide(total, slots);
  let first = wide_divide(wide_multiply_high(total, bits), slots);
  return WidePoints(step.quotient, first.quotient, step.rest, first.rest, slots);
}

/// ⌊(part·i + rest)/slots⌋ is a long division in base 128: i has four digits of 7 bits, and what a digit leaves, times 128, plus part times the next digit, plus rest, is at most
/// (slots − 1)(128 + 127 + 1) < 2³².
fn wide_point(points: WidePoints, slot: u32) -> vec2<u32> {
  var left = 0u;
  var quotient = 0u;
  for (var shift = 28u; shift > 0u; shift -= 7u) {
    let digit = (slot >> (shift - 7u)) & 127u;
    left = left * 128u + points.part * digit + select(0u, points.rest, shift == 7u);
    quotient = quotient * 128u + left / points.slots;
    left %= points.slots;
  }
  return wide_add(wide_add(wide_scale(points.whole, slot), points.base), vec2<u32>(quotient, 0u));
}
