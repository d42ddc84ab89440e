// Draws an observation from a model that only gives its log-density, by slice sampling (Neal 2003), one column at a time.
//
// A model states log p(y | x), not how to draw y. The highest point of a logarithmic grid is the start; then each update draws a height below the density and a
// point uniformly from the interval above that height, found by doubling the interval outwards and shrinking it inwards. For densities with one hump the
// interval is found exactly and each update is nearly an independent draw; `updates` of them also cover the way from a poor start.
// A column of counts is drawn by the same walk on the step function y → p(⌊y + ½⌋), which is exact for whole numbers ≥ 0.

import package::model::{State, Theta, Observation, log_observation};
import package::predict_access::{columns, observation_from, is_count, Cells};
import package::lib::threefry::threefry;
import package::lib::uniform::uniform_open;
import package::lib::finite::is_finite;
import package::lib::site::{at_step, site_observation};

const impossible = -1e30;
const updates = 24u;

/// Log-density with column c replaced by `value`.
fn density(cells: Cells, c: u32, value: f32, x: State, theta: Theta, t: f32) -> f32 {
  var changed = cells;
  changed[c] = value;
  if (is_count(c)) {
    if (value < -0.5) {
      return impossible;
    }
    changed[c] = floor(value + 0.5);
  }
  let log_density = log_observation(observation_from(changed), x, theta, t);
  return select(impossible, max(log_density, impossible), is_finite(log_density));
}

/// Zero or ± a power of 10^(1/4) from 0.01 to 10⁸, whichever is most likely.
fn grid_start(cells: Cells, c: u32, x: State, theta: Theta, t: f32) -> f32 {
  var best = 0.0;
  var highest = density(cells, c, 0.0, x, theta, t);
  for (var i = 0u; i < 82u; i++) {
    let size = exp2(0.8304820237218406 * (f32(i / 2u) - 8.0));
    let value = select(size, -size, i % 2u == 1u);
    let height = density(cells, c, value, x, theta, t);
    if (height > highest) {
      highest = height;
      best = value;
    }
  }
  return best;
}

fn update(cells: Cells, c: u32, x: State, theta: Theta, t: f32, key: vec2<u32>, counter: u32, first_index: u32) -> f32 {
  let at = cells[c];
  let words = threefry(key, vec2<u32>(counter, first_index));
  let here = density(cells, c, at, x, theta, t);
  if (here <= 0.5 * impossible) {
    return at; // no value is possible from this state; looking for one takes long and finds none
  }
  let height = here + log(uniform_open(words.x));
  var width = max(0.1 * abs(at), select(1e-3, 1.0, is_count(c)));
  var low = at - width * uniform_open(words.y);
  var high = low + width;
  for (var i = 0u; i < 40u && density(cells, c, low, x, theta, t) > height; i++) {
    low = at - 2.0 * (at - low);
  }
  for (var i = 0u; i < 40u && density(cells, c, high, x, theta, t) > height; i++) {
    high = at + 2.0 * (high - at);
  }
  for (var i = 1u; i < 60u; i++) {
    let value = low + (high - low) * uniform_open(threefry(key, vec2<u32>(counter, first_index + i)).x);
    if (density(cells, c, value, x, theta, t) > height) {
      return value;
    }
    if (value < at) {
      low = value;
    } else {
      high = value;
    }
  }
  return at;
}

/// `h` numbers the draws that share a key.
fn draw_observation(x: State, theta: Theta, t: f32, key: vec2<u32>, h: u32) -> Cells {
  var cells: Cells;
  for (var c = 0u; c < columns; c++) {
    cells[c] = grid_start(cells, c, x, theta, t);
  }
  let counter = at_step(site_observation, h);
  for (var i = 0u; i < updates; i++) {
    for (var c = 0u; c < columns; c++) {
      cells[c] = update(cells, c, x, theta, t, key, counter, (i * columns + c) * 64u);
    }
  }
  for (var c = 0u; c < columns; c++) {
    if (is_count(c)) {
      cells[c] = floor(cells[c] + 0.5);
    }
  }
  return cells;
}
