// What a random number is for: the top four bits of the first counter word. Must match `site` in src/random/threefry.ts.

const site_initial = 0u;
const site_transition = 1u;
const site_resample = 2u;
const site_state_draw = 3u;
const site_observation = 4u;
const site_filter_key = 6u;
const site_propose = 7u;
const site_resample_theta = 8u;
const site_accept = 9u;
const site_momentum = 10u;
const site_trajectory = 11u;
const site_start = 12u;
const site_batch = 13u;

/// First counter word. Steps overflow first, at 2²⁸.
fn at_step(site: u32, step: u32) -> u32 {
  return (site << 28u) | step;
}
