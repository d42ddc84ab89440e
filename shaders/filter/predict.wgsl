// Runs the model forward from given states and draws what would be observed: one-step predictions, forecasts, simulated data.
//
// Invocation (s, r): start s of replicate r. The state comes from the filtering distribution at step `first + s`, one of the filter's draws in the trace, or,
// when simulating, from the model's own initial law. From there `horizon` steps of transition, an observation drawn at each.
//
//   starts       [start][S][replicate]          states to start from
//   predictions  [start][h = 1…horizon][S + columns][replicate]   out: states, then observations
//
// Replicate r uses the parameters and the key of filter r / draws. Its numbers have a key of their own: threefry(filter's key, (observation | start step, draw)).

import package::model::{State, Theta, Noise, transition};
@if(simulate) import package::model::initial;
import package::model_access::{state_size};
import package::predict_access::{columns, load_predict_theta, load_start, store_prediction_state, store_prediction_observation};
import package::filter::noise::noise_of;
import package::filter::observe::draw_observation;
import package::lib::threefry::threefry;
import package::lib::site::{at_step, site_observation, site_transition, site_initial};

struct Params {
  replicates: u32,
  draws: u32,   // replicates per filter
  starts: u32,
  first: u32,   // time step of start 0
  horizon: u32,
  stride: u32,  // filters in theta_values
}

@group(0) @binding(0) var<uniform> predict_params: Params;
@group(0) @binding(3) var<storage, read> keys: array<vec2<u32>>;

@compute @workgroup_size(16)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let id = (group.y * groups.x + group.x) * 16u + lane;
  if (id >= predict_params.replicates * predict_params.starts) {
    return;
  }
  let r = id % predict_params.replicates;
  let s = id / predict_params.replicates;
  let f = r / predict_params.draws;
  let theta = load_predict_theta(f);
  let start_step = predict_params.first + s;
  let key = threefry(keys[f], vec2<u32>(at_step(site_observation, start_step), r % predict_params.draws));
  @if(simulate) var x = initial(theta, noise_of(key, at_step(site_initial, 0u), 0u));
  @if(!simulate) var x = load_start(s, r);
  for (var h = 1u; h <= predict_params.horizon; h++) {
    let t = f32(start_step + h);
    x = transition(x, theta, noise_of(key, at_step(site_transition, h), 0u), t);
    store_prediction_state(s, h, r, x);
    store_prediction_observation(s, h, r, draw_observation(x, theta, t, key, h));
  }
}
