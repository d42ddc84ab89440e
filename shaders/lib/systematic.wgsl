// Systematic resampling in integers: which particle is the parent of slot i.
//
// Weights become fixed-point integers q_j = round(w_j·2^b / max w) with b chosen so that their sum fits a u32. Integer prefix sums are exact
// whatever the order of summation, never decrease, and are the same on every adapter and for every workgroup size. (An f32 tree scan steps back even at 1024 particles.)
// Slot i asks for the first j with C_j > p_i, p_i = floor((i·total + u)/N), u one integer uniform in [0, total): Kitagawa 1996's points (i + U)/N
// times the total. So a zero weight is never a parent, u = 0 and u = total − 1 are safe, p_{N−1} < total = C_N, and each particle gets
// its expected count rounded up or down. Needs total > 0 and N ≤ 65536, so that i·(total mod N) fits. Twin: test/reference/systematic.ts.

/// b: count·(2^b + 1) < 2³².
fn fixed_point_bits(count: u32) -> u32 {
  return countLeadingZeros(count - 1u) - 1u;
}

fn fixed_point_scale(count: u32) -> f32 {
  return f32(1u << fixed_point_bits(count));
}

/// Weight relative to the largest, in [0, 1], as a fixed-point integer.
fn fixed_point(weight: f32, scale: f32) -> u32 {
  return u32(weight * scale + 0.5);
}

/// The weight once more, so coarse that `count` of its squares sum to less than 2³²: the decision to resample is made from these
/// integers, so that it cannot depend on the order of a sum.
fn coarse(fixed: u32, count: u32) -> u32 {
  let bits = fixed_point_bits(count);
  return fixed >> (bits - bits / 2u);
}

/// Effective sample size (Σr)²/Σr² of the coarse weights.
fn coarse_ess(sum: u32, sum_of_squares: u32) -> f32 {
  return f32(sum) * f32(sum) / f32(sum_of_squares);
}

/// High word of a 32 × 32 bit product, from 16-bit halves: WGSL has no wide multiply.
fn multiply_high(a: u32, b: u32) -> u32 {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let middle = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let cross = (a & 0xffffu) * (b >> 16u) + (middle & 0xffffu);
  return (a >> 16u) * (b >> 16u) + (middle >> 16u) + (cross >> 16u);
}

/// The points p_i for a number of slots: p_i = whole·i + base + (part·i + rest) / slots, in integers.
struct Points {
  whole: u32,
  part: u32,
  base: u32,
  rest: u32,
  slots: u32,
}

/// `bits`: 32 random bits, the one uniform that all slots share.
fn systematic_points(total: u32, slots: u32, bits: u32) -> Points {
  let u = multiply_high(bits, total);
  return Points(total / slots, total % slots, u / slots, u % slots, slots);
}

fn point(points: Points, slot: u32) -> u32 {
  return points.whole * slot + points.base + (points.part * slot + points.rest) / points.slots;
}
