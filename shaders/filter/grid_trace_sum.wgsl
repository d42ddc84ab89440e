// The sum of every invocation's part of the mean state over one workgroup, as a tree; returned to the first. Called by all in uniform control flow.

import package::lib::reduce::width;
import package::model::State;
import package::model_access::add_scaled_state;

var<workgroup> sh_state: array<State, width>;

fn sum_states(lane: u32, own: State) -> State {
  sh_state[lane] = own;
  for (var reach = width / 2u; reach > 0u; reach /= 2u) {
    workgroupBarrier();
    if (lane < reach) {
      sh_state[lane] = add_scaled_state(sh_state[lane], sh_state[lane + reach], 1.0);
    }
  }
  return sh_state[lane];
}
