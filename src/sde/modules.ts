/** Generated modules of the kernels of a latent SDE: sizes, and the perceptrons under the names that kernels call. */

import { constants } from '../network/module_text.ts';
import type { OwnDriftUnits } from './own_drift.ts';
import {
  batch,
  channels_of,
  type Estimator,
  interpolation_count,
  is_exact,
  is_own,
  kernel_units,
  type LikelihoodName,
  rotations_of,
  type SdeLayout,
  type SdeModel,
} from './problem.ts';

/** What the kernels of a run are made from. */
export interface SdeSizes {
  model: SdeModel;
  estimator: Estimator;
  layout: SdeLayout;
  /** Of a window. */
  most_observations: number;
  /** Where the drift is a person's own. */
  units?: OwnDriftUnits;
  /** Where q is simulated instead (shaders/sde/solve.wgsl). */
  solver?: Solver;
}

/** The other side that benchmarks compare with: q simulated in even steps, differentiated through all of them. For benchmarks, which see to what it asks: observations evenly spaced, windows of as many intervals as each other, one D, Gaussian noise that is known, no rotation, two-sided slopes, places in whole batches of 16. */
export interface Solver {
  steps_per_observation: number;
  /** That count in a step of training; the places beyond have none. */
  windows: number;
}

/** Places of a workgroup of shaders/sde/solve.wgsl, two paths of each. */
export const places_per_batch = batch / 2;

const likelihood_kinds: Record<LikelihoodName, number> = { gaussian: 0, student_t: 1, bernoulli: 2, poisson: 3 };

/** The text of `package::sde_sizes`. */
export function sizes_module(
  { model, estimator, layout, solver }: SdeSizes,
  quads: { path: number; all: number },
  rows: number,
): string {
  const { latent, observed, learns } = model;
  const { windows, nodes, pairs, paths, repeats } = estimator;
  return `${constants({
    ...{ latent, observed, rotations: rotations_of(model), channels: channels_of(model) },
    encoder_inputs: layout.parts.encoder.mlp?.inputs ?? 0,
    ...{ node_quads: nodes / 4, windows_per_step: windows, pairs, paths, repeats, knots: model.diffusion_knots },
    ...{ path_quads: quads.path, sample_quads: quads.all, sample_rows: rows },
    likelihood_kind: likelihood_kinds[model.likelihood],
    ...{ windows_counted: solver?.windows ?? windows },
    ...{ steps_per_observation: solver?.steps_per_observation ?? 0, noise_first: layout.parts.decoder.free_first },
    ...{ interpolation_count: interpolation_count(model), kernel_units },
    // Behind row_time, row_one and three rows of path.wgsl for every component.
    ...{ row_by_theta: 2 + 3 * latent, theta_count: theta_mask(model).length },
  })}${mask('learns_theta', theta_mask(model))}${flags({
    even_grid: solver !== undefined,
    exact_likelihood: is_exact(model),
    learns_diffusion: learns.diffusion,
    learns_noise: learns.noise,
    learns_start: learns.start,
    moves_in_time: is_own(model.drift) || model.drift.moves_in_time,
  })}`;
}

/** A perceptron under the name that a kernel calls it by; without layers inputs are outputs, and derivatives stay where they are. */
export function alias(name: string, has_layers: boolean): string {
  const [imports, forward, back] = has_layers
    ? ['import package::network::mlp::{mlp_forward, mlp_back};', 'mlp_forward(lane);', 'mlp_back(lane, true, add);']
    : ['', '', ''];
  return `
${imports}

fn ${name}_forward(lane: u32) {
  ${forward}
}

fn ${name}_back(lane: u32, add: bool) {
  ${back}
}
`;
}

/** How slopes at nodes are found, and the way back: the encoder says them, or a deep kernel makes them. */
export function interpolation_modules({ interpolation }: SdeModel): Record<'forward' | 'back', string> {
  const window = 'import package::sde::run::Window;';
  const is_deep = interpolation === 'deep_kernel';
  return {
    forward: `
${window}
${is_deep ? 'import package::sde::deep_kernel::interpolation_forward;' : ''}

fn fill_slopes(lane: u32, place: u32, window: Window) {
  ${is_deep ? 'interpolation_forward(lane, place, window);' : ''}
}
`,
    back: `
${window}
${is_deep ? 'import package::sde::deep_kernel_back::{interpolation_back, slope_by_parameter};' : ''}

fn slopes_back(lane: u32, place: u32, window: Window) {
  ${is_deep ? 'interpolation_back(lane, place, window);' : ''}
}

fn interpolation_slope(n: u32) -> f32 {
  return ${is_deep ? 'slope_by_parameter(n)' : '0.0'};
}
`,
  };
}

const theta_mask = ({ drift }: SdeModel): boolean[] =>
  is_own(drift) ? drift.parameters.map(({ learns }) => learns) : [];

/** Bits of up to 16 flags as a number. */
const mask = (name: string, of: readonly boolean[]) =>
  `const ${name} = ${of.reduce((bits, bit, i) => bits + (bit ? 2 ** i : 0), 0)}u;\n`;

const flags = (of: Readonly<Record<string, boolean>>) =>
  Object.entries(of)
    .map(([name, value]) => `const ${name} = ${value};\n`)
    .join('');
