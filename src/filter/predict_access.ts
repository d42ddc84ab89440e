/** Generates `package::predict_access`: how states and observations of one model travel between registers and the buffers of predict.wgsl. */

import { construct, join, member } from '../model/struct_text.ts';
import type { StateSpaceModel } from '../model/types.ts';

export function predict_access_module(model: StateSpaceModel, counts: readonly string[]): string {
  const { state, state_size: size, observation } = model;
  const columns = observation.length;
  const rows = size + columns;
  const is_count =
    observation.flatMap((name, i) => (counts.includes(name) ? [`c == ${i}u`] : [])).join(' || ') || 'false';
  return `
import package::model::{State, Theta, Observation};
import package::filter::predict::predict_params;

@group(0) @binding(1) var<storage, read> theta_values: array<f32>;
@group(0) @binding(2) var<storage, read> starts: array<f32>;
@group(0) @binding(4) var<storage, read_write> predictions: array<f32>;

const columns = ${columns}u;
alias Cells = array<f32, ${columns}>;

fn observation_from(cells: Cells) -> Observation {
  return Observation(${join(columns, (i) => `cells[${i}]`)});
}
fn is_count(c: u32) -> bool {
  return ${is_count};
}
fn load_predict_theta(f: u32) -> Theta {
  return ${construct('Theta', model.fields, 'f32', (i) => `theta_values[${i}u * predict_params.stride + f]`)};
}
fn load_start(s: u32, r: u32) -> State {
  let at = s * ${size}u * predict_params.replicates + r;
  return ${construct('State', state, 'f32', (i) => `starts[at + ${i}u * predict_params.replicates]`)};
}
fn row_at(s: u32, h: u32, row: u32, r: u32) -> u32 {
  return ((s * predict_params.horizon + h - 1u) * ${rows}u + row) * predict_params.replicates + r;
}
fn store_prediction_state(s: u32, h: u32, r: u32, x: State) {
  ${join(size, (i) => `predictions[row_at(s, h, ${i}u, r)] = ${member(state, i, 'x')};`, '\n  ')}
}
fn store_prediction_observation(s: u32, h: u32, r: u32, cells: Cells) {
  ${join(columns, (i) => `predictions[row_at(s, h, ${size + i}u, r)] = cells[${i}];`, '\n  ')}
}`;
}
