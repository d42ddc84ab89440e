// One particle from step t − 1 to t, with its log-weight increment, and the tangents of both.
//
//   bootstrap  x_t ~ transition(x_{t−1}),             increment log p(y_t | x_t)
//   guided     x_t ~ guided(x_{t−1}, y_t),            increment as the model gives it: log p(y_t|x_t) p(x_t|x_{t−1}) / q(x_t|x_{t−1}, y_t)
// A row with a missing cell (`seen` false) moves by the transition and weighs nothing.
//
// The score carried by a particle is the derivative of its path's log-weight at fixed noise. A log-weight that is not finite becomes
// `impossible` here, where it arises, and a tangent that is not finite becomes zero; both are counted, except −∞, which is an honest "cannot be".

import package::model::{State, Theta, Noise, Observation};
import package::model::{transition, log_observation};
@if(guided) import package::model::guided;
@if(gradient) import package::model::{State_d, Theta_d, Tangent};
@if(gradient) import package::model::{transition_d, log_observation_d};
@if(gradient && guided) import package::model::guided_d;
@if(gradient) import package::model_access::{tangent_is_finite, keep_tangent};
import package::model_access::load_observation;
import package::filter::bindings::impossible;
import package::lib::finite::{is_finite, is_minus_infinity};

@if(!gradient)
struct Moved {
  state: State,
  log_weight: f32,
  faults: u32,
}

@if(gradient)
struct Moved {
  state: State,
  log_weight: f32,
  faults: u32,
  state_d: State_d,
  log_weight_d: Tangent,
}

@if(gradient)
fn move_particle(x: State, x_d: State_d, theta: Theta, theta_d: Theta_d, noise: Noise, step: u32, seen: bool) -> Moved {
  let t = f32(step);
  var moved: Moved;
  if (seen) {
    let y = load_observation(step);
    @if(guided) {
      let next = guided_d(x, x_d, y, theta, theta_d, noise, t);
      moved.state = next.v.state;
      moved.state_d = next.d.state;
      moved.log_weight = next.v.log_weight;
      moved.log_weight_d = next.d.log_weight;
    }
    @if(!guided) {
      let next = transition_d(x, x_d, theta, theta_d, noise, t);
      let weight = log_observation_d(y, next.v, next.d, theta, theta_d, t);
      moved.state = next.v;
      moved.state_d = next.d;
      moved.log_weight = weight.v;
      moved.log_weight_d = weight.d;
    }
  } else {
    let next = transition_d(x, x_d, theta, theta_d, noise, t);
    moved.state = next.v;
    moved.state_d = next.d;
  }
  let finite = is_finite(moved.log_weight);
  let finite_d = tangent_is_finite(moved.log_weight_d);
  moved.faults = select(u32(!finite_d), u32(!is_minus_infinity(moved.log_weight)), !finite);
  moved.log_weight = select(impossible, moved.log_weight, finite);
  moved.log_weight_d = keep_tangent(moved.log_weight_d, finite & finite_d);
  return moved;
}

@if(!gradient)
fn move_particle(x: State, theta: Theta, noise: Noise, step: u32, seen: bool) -> Moved {
  let t = f32(step);
  var moved: Moved;
  if (seen) {
    let y = load_observation(step);
    @if(guided) {
      let next = guided(x, y, theta, noise, t);
      moved.state = next.state;
      moved.log_weight = next.log_weight;
    }
    @if(!guided) {
      moved.state = transition(x, theta, noise, t);
      moved.log_weight = log_observation(y, moved.state, theta, t);
    }
  } else {
    moved.state = transition(x, theta, noise, t);
  }
  let finite = is_finite(moved.log_weight);
  moved.faults = u32(!finite & !is_minus_infinity(moved.log_weight));
  moved.log_weight = select(impossible, moved.log_weight, finite);
  return moved;
}
