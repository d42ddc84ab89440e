// Which window a place of a step works on.

import package::sde_sizes::{windows_per_step, windows_counted};
import package::sde::run::{run, progress, windows, Window};
import package::lib::threefry::threefry;
import package::lib::site::{at_step, site_batch};

/// Places are [net][window of the step]. At random with replacement: every window of the data as likely as any, so that the sum over all is estimated without bias by window_count / windows_per_step times that of a step.
fn window_at(place: u32) -> Window {
  let net = place / windows_per_step;
  let word = threefry(run.key, vec2<u32>(at_step(site_batch, progress[net]), place)).x;
  let next = min(run.first_window + place % windows_per_step, run.window_count - 1u);
  return windows[select(word % run.window_count, next, run.sweep == 1u)];
}

/// Whether a place has no window: in a sweep beyond the last one, else where a solver is to have fewer windows a step than a workgroup has places.
fn is_beyond(place: u32) -> bool {
  let n = place % windows_per_step;
  return select(n >= windows_counted, run.first_window + n >= run.window_count, run.sweep == 1u);
}

/// Rises from 0 to 1 over the first steps.
fn divergence_weight(net: u32) -> f32 {
  return select(min(1.0, (f32(progress[net]) + 1.0) / f32(max(run.ramp, 1u))), 1.0, run.sweep == 1u);
}
