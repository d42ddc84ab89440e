// One break of a stick, as parameters that sum to one are made of. Twin of src/model/simplex.ts, which has the formulas.
//
// With |y| beyond 80 the smaller share stays at e^-80, while its log goes on as the same straight line (lib/transform.wgsl says why).

import package::lib::special::log1p;

struct Break {
  share: f32,       // what is broken off, and what is left: each precise also where the other is many times larger
  rest: f32,
  log_share: f32,
  log_rest: f32,
}

fn break_stick(y: f32) -> Break {
  let e = exp(-min(abs(y), 80.0));
  let large = 1.0 / (1.0 + e);
  let small = e / (1.0 + e);
  let is_low = y < 0.0;
  let spread = log1p(e);
  return Break(
    select(large, small, is_low), select(small, large, is_low),
    min(y, 0.0) - spread, -max(y, 0.0) - spread,
  );
}

// An element of theta: strictly inside (0, 1), whatever was broken off before. A model never sees a bound.
fn inside_unit(x: f32) -> f32 {
  return clamp(x, 1.1754944e-38, 0.99999994);
}

// Log density of the coordinate of a break whose share is Beta(own, others), without its normaliser.
fn beta_break(b: Break, own: f32, others: f32) -> f32 {
  return own * b.log_share + others * b.log_rest;
}
