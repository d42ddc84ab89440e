/** A person's own drift in WGSL: `fn drift(z: State, theta: Theta, t: f32) -> State`, differentiated by the state and the parameters (src/autodiff), as `package::sde_drift`. */

import { differentiate } from '../autodiff/differentiate.ts';
import { SourceError } from '../autodiff/source_error.ts';
import { tangent_lane, tangent_unit } from '../autodiff/tangent.ts';
import { join } from '../model/struct_text.ts';
import { UserError } from '../model/user_error.ts';
import type { Units } from './units.ts';

export interface OwnDrift {
  /** In the data's units; t in the data's time, from the beginning of the series. */
  wgsl: string;
  /** Components of the state. */
  states: readonly string[];
  parameters: readonly DriftParameter[];
}

export interface DriftParameter {
  name: string;
  /** Where training starts, or the value. */
  start: number;
  learns: boolean;
}

export interface OwnDriftUnits {
  /** [component], as many as latent. */
  mean: readonly number[];
  sd: readonly number[];
  time: number;
  /** Of the longest series, in the data's time. */
  longest: number;
}

/** Components beyond the channels, and all where the decoder is learned, are in units of their own. */
export function drift_units(
  { mean, sd, time }: Units,
  latent: number,
  is_identity: boolean,
  longest: number,
): OwnDriftUnits {
  const of = (values: Float64Array, other: number) =>
    Array.from({ length: latent }, (_, d) => (is_identity ? (values[d] ?? other) : other));
  return { mean: of(mean, 0), sd: of(sd, 1), time, longest };
}

/** Throws UserError for text that is no such function, with its line and column. */
export function check_own_drift(drift: OwnDrift, units: OwnDriftUnits): void {
  try {
    own_drift_modules(drift, units, 0);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new UserError(`drift.wgsl, ${error.message}`);
  }
}

/**
 * Modules of a kernel that uses the drift.
 *
 * @param first of the parameters, behind those of the diffusion
 * Throws SourceError for text that is no such function.
 */
export function own_drift_modules(drift: OwnDrift, units: OwnDriftUnits, first: number): Record<string, string> {
  const { states, parameters } = drift;
  const width = states.length + parameters.length;
  // A struct has a member at the least.
  const names = parameters.length > 0 ? parameters.map(({ name }) => name) : ['none'];
  const declarations = `${struct('State', states)}${struct('Theta', names)}`;
  const active = [true, parameters.length > 0, false];
  const { wgsl } = differentiate({ source: drift.wgsl, declarations, width, entries: [{ name: 'drift', active }] });
  const theta = `Theta(${parameters.length > 0 ? join(parameters.length, (i) => `free_parameter(${first + i}u)`) : '0.0'})`;
  const state = `State(${join(states.length, (d) => `${f32(units.mean[d])} + ${f32(units.sd[d])} * at(row_input + ${d}u, quad)[k]`)})`;
  const time = `${f32(units.longest)} * at(row_time, quad)[k]`;
  const scale = (d: number) => f32(units.time / (units.sd[d] as number));
  const seeds = (type: string, count: number, before: number) =>
    `${type}(${join(count, (i) => `Tangent(${tangent_unit(width, before + i)})`)})`;
  const lane = (of: number, d: number) => tangent_lane(width, of, `found.d.${states[d]}`);
  const pull = (of: number) => join(states.length, (d) => `by_${d} * ${lane(of, d)}`, ' + ');
  const theta_d = parameters.length > 0 ? `, ${seeds('Theta_d', parameters.length, states.length)}` : '';
  return {
    sde_own_drift: wgsl,
    sde_drift: `
import package::sde_own_drift::{State, Theta, State_d, Tangent, drift, drift_d};
${parameters.length > 0 ? 'import package::sde_own_drift::Theta_d;' : ''}
import package::network_sizes::quads;
import package::network_places::{row_input, row_output, row_by_output, row_by_input};
import package::network::memory::{lanes, row_time, at, put};
import package::sde::diffusion::free_parameter;
import package::sde_sizes::row_by_theta;

fn drift_forward(lane: u32) {
  for (var quad = lane; quad < quads; quad += lanes) {
    ${join(states.length, (d) => `var result_${d} = vec4<f32>();`, '\n')}
    for (var k = 0u; k < 4u; k++) {
      let found = drift(${state}, ${theta}, ${time});
      ${join(states.length, (d) => `result_${d}[k] = ${scale(d)} * found.${states[d]};`, '\n')}
    }
    ${join(states.length, (d) => `put(row_output + ${d}u, quad, result_${d});`, '\n')}
  }
  storageBarrier();
}

/// From row_by_output to row_by_input and the rows of the parameters. @param add to these rows
fn drift_back(lane: u32, add: bool) {
  for (var quad = lane; quad < quads; quad += lanes) {
    ${join(width, (i) => `var slope_${i} = vec4<f32>();`, '\n')}
    for (var k = 0u; k < 4u; k++) {
      ${join(states.length, (d) => `let by_${d} = ${scale(d)} * at(row_by_output + ${d}u, quad)[k];`, '\n')}
      let found = drift_d(${state}, ${seeds('State_d', states.length, 0)}, ${theta}${theta_d}, ${time});
      ${join(states.length, (d) => `slope_${d}[k] = ${f32(units.sd[d])} * (${pull(d)});`, '\n')}
      ${join(parameters.length, (i) => `slope_${states.length + i}[k] = ${pull(states.length + i)};`, '\n')}
    }
    ${join(states.length, (d) => `put(row_by_input + ${d}u, quad, slope_${d});`, '\n')}
    ${join(parameters.length, (i) => `put(row_by_theta + ${i}u, quad, select(vec4<f32>(), at(row_by_theta + ${i}u, quad), add) + slope_${states.length + i});`, '\n')}
  }
  storageBarrier();
}
`,
  };
}

const struct = (name: string, fields: readonly string[]) =>
  `struct ${name} {\n${fields.map((field) => `  ${field}: f32,\n`).join('')}}\n`;

/** A literal that WGSL reads as the nearest f32. */
function f32(value: number | undefined): string {
  const text = String(Math.fround(value as number));
  return /[.e]/.test(text) ? `f32(${text})` : `f32(${text}.0)`;
}
