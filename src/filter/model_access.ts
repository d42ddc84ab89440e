/**
 * Generates the WGSL module `package::model_access`: how one model's structs travel between registers and the flat f32 buffers of the filter bank.
 *
 * Loads and stores are written out component by component, because a loop over a private array costs a software adapter more than the arithmetic
 * between them. Everything here follows from the model's sizes; the algorithm is in shaders/filter/.
 */

import { tangent_lane, tangent_type, tangent_unit } from '../autodiff/tangent.ts';
import { construct, join, member } from '../model/struct_text.ts';
import type { StateSpaceModel } from '../model/types.ts';

/** Components per particle: the state, and with gradients its tangents and the path's score. */
export function component_count(model: StateSpaceModel, width: number): number {
  return model.state_size * (1 + width) + width;
}

/** Surplus lanes of the tangent's type, filled with zeros. */
function tangent_from(width: number, lane: (i: number) => string): string {
  const type = tangent_type(width);
  const shape = /mat(\d)x(\d)/.exec(type);
  const lanes = shape ? Number(shape[1]) * Number(shape[2]) : width;
  return `Tangent(${join(lanes, (i) => (i < width ? lane(i) : '0.0'))})`;
}

/** WGSL for `package::model_access`. `width` 0 leaves out all that concerns gradients. */
export function model_access_module(model: StateSpaceModel, width: number): string {
  const parts = [
    imports(width),
    sizes(model, width),
    parameters(model),
    state(model),
    observation(model),
    noise(model),
  ];
  if (width > 0) parts.push(tangents(model, width));
  return parts.join('\n');
}

function imports(width: number): string {
  return `
import package::model::{State, Theta, Observation, Noise};
${width > 0 ? 'import package::model::{State_d, Theta_d, Tangent};' : ''}
import package::filter::bindings::{params, theta_values, observations, particles, trace, lineage, shared_noise, row_score, result, store_result};
import package::lib::threefry::threefry;
import package::lib::normal::normal_from_bits;
import package::lib::finite::is_finite;`;
}

function sizes(model: StateSpaceModel, width: number): string {
  return `
const state_size = ${model.state_size}u;
const components = ${component_count(model, width)}u;
const noise_size = ${model.noise}u;`;
}

function parameters(model: StateSpaceModel): string {
  return `
fn load_theta(f: u32) -> Theta {
  return ${construct('Theta', model.fields, 'f32', (i) => `theta_values[${i}u * params.stride + f]`)};
}`;
}

function state(model: StateSpaceModel): string {
  const { state: fields, state_size: size } = model;
  return `
fn load_state(at: u32, stride: u32) -> State {
  return ${construct('State', fields, 'f32', (i) => `particles[at + ${i}u * stride]`)};
}
fn store_state(at: u32, stride: u32, x: State) {
  ${join(size, (i) => `particles[at + ${i}u * stride] = ${member(fields, i, 'x')};`, '\n  ')}
}
fn zero_state() -> State {
  return State();
}
fn add_scaled_state(sum: State, x: State, w: f32) -> State {
  return ${construct('State', fields, 'f32', (i) => `${member(fields, i, 'sum')} + w * ${member(fields, i, 'x')}`)};
}
fn store_trace_state(at: u32, stride: u32, x: State) {
  ${join(size, (i) => `trace[at + ${i}u * stride] = ${member(fields, i, 'x')};`, '\n  ')}
}
fn store_lineage_state(at: u32, stride: u32, x: State) {
  ${join(size, (i) => `lineage[at + ${i}u * stride] = bitcast<u32>(${member(fields, i, 'x')});`, '\n  ')}
}`;
}

function observation(model: StateSpaceModel): string {
  const columns = model.observation.length;
  return `
fn observed(step: u32) -> bool {
  return observations[(step - 1u) * ${columns + 1}u] != 0.0;
}
fn load_observation(step: u32) -> Observation {
  let at = (step - 1u) * ${columns + 1}u;
  return Observation(${join(columns, (i) => `observations[at + ${i + 1}u]`)});
}`;
}

/**
 * `noise_from_words` takes ⌊n/2⌋ whole calls, two words each, and, when n is odd, one spare word from the call that two neighbours share (shaders/filter/noise.wgsl).
 * In words: particle j owns calls ⌈jn/2⌉ … of the stream, and `pair_call(j)` is the one in the middle of the pair.
 */
function noise(model: StateSpaceModel): string {
  const n = model.noise;
  const whole = Math.floor(n / 2);
  const calls = join(whole, (i) => `  let w${i} = threefry(key, vec2<u32>(counter, first + ${i}u));`, '\n');
  const words = Array.from({ length: n }, (_, i) => (i < 2 * whole ? `w${i >> 1}.${'xy'[i & 1]}` : 'spare'));
  const from_words = n === 0 ? '0.0' : words.map((w) => `normal_from_bits(${w})`).join(', ');
  const from_buffer = n === 0 ? '0.0' : join(n, (i) => `shared_noise[at + ${i}u]`);
  return `
fn pair_call(particle: u32) -> u32 {
  return (particle >> 1u) * ${n}u + ${whole}u;
}
fn noise_from_words(key: vec2<u32>, counter: u32, particle: u32, spare: u32) -> Noise {
  let first = (particle * ${n}u + ${n % 2 === 0 ? 0 : 1}u) / 2u;
${calls}
  return Noise(${from_words});
}
fn noise_from_buffer(at: u32) -> Noise {
  return Noise(${from_buffer});
}`;
}

function tangents(model: StateSpaceModel, width: number): string {
  const { state: fields, state_size: size } = model;
  const of_state = (i: number, d: number) => `at + ${size + i * width + d}u * stride`;
  const score_at = (d: number) => `at + ${size * (1 + width) + d}u * stride`;
  const lanes = (value: string) => (d: number) => tangent_lane(width, d, value);
  const store_component = (i: number) =>
    join(width, (d) => `particles[${of_state(i, d)}] = ${lanes(member(fields, i, 'x'))(d)};`, '\n  ');
  return `
fn theta_tangent() -> Theta_d {
  return ${construct('Theta_d', model.fields, 'Tangent', (i) => tangent_unit(width, i))};
}
fn load_state_d(at: u32, stride: u32) -> State_d {
  return ${construct('State_d', fields, 'Tangent', (i) => tangent_from(width, (d) => `particles[${of_state(i, d)}]`))};
}
fn store_state_d(at: u32, stride: u32, x: State_d) {
  ${join(size, store_component, '\n  ')}
}
fn load_score(at: u32, stride: u32) -> Tangent {
  return ${tangent_from(width, (d) => `particles[${score_at(d)}]`)};
}
fn store_score(at: u32, stride: u32, score: Tangent) {
  ${join(width, (d) => `particles[${score_at(d)}] = ${lanes('score')(d)};`, '\n  ')}
}
fn load_result_score(f: u32) -> Tangent {
  return ${tangent_from(width, (d) => `result(row_score + ${d}u, f)`)};
}
fn store_result_score(f: u32, score: Tangent) {
  ${join(width, (d) => `store_result(row_score + ${d}u, f, ${lanes('score')(d)});`, '\n  ')}
}
fn keep_tangent(d: Tangent, keep: bool) -> Tangent {
  return ${tangent_from(width, (i) => `select(0.0, ${lanes('d')(i)}, keep)`)};
}
fn tangent_is_finite(d: Tangent) -> bool {
  return ${join(width, (i) => `is_finite(${lanes('d')(i)})`, ' & ')};
}`;
}
