/** The kernels of a latent SDE's training, for its sizes. */

import type { Device, KernelOptions } from '../gpu/device.ts';
import type { Kernel } from '../gpu/kernel.ts';
import { layers_module } from '../network/layers_module.ts';
import { all_layers } from '../network/mlp.ts';
import { type MlpKernel, mlp_kernel } from '../network/mlp_kernel.ts';
import { constants } from '../network/module_text.ts';
import { network_overrides } from '../network/modules.ts';
import { padded } from '../network/tiles.ts';
import { alias, interpolation_modules, places_per_batch, type SdeSizes, sizes_module } from './modules.ts';
import { own_drift_modules } from './own_drift.ts';
import { batch, diffusion_count, is_own, rotations_of, type SdeLayout, sample_quads } from './problem.ts';

export type PartName = keyof SdeLayout['parts'];

export const part_names = ['encoder', 'drift', 'decoder'] as const satisfies PartName[];

type KernelName = 'encode' | 'interpolate' | 'path' | 'observe' | 'encode_back' | 'optimize' | `sum_${PartName}`;

export interface SdePlan {
  options: Record<KernelName, KernelOptions>;
  /** Workgroups of a step. */
  groups: Record<KernelName, number>;
  mlps: Record<PartName, MlpKernel>;
  /** Of a place: rows, and fours of samples. */
  sample_rows: number;
  sample_quads: number;
}

/** All at once: a driver compiles on several threads. */
export async function create_kernels(device: Device, plan: SdePlan): Promise<Record<KernelName, Kernel>> {
  const made = await Promise.all(
    Object.entries(plan.options).map(async ([name, options]) => {
      const overrides = { ...network_overrides(device), ...options.overrides };
      return [name, await device.kernel({ ...options, overrides })] as const;
    }),
  );
  return Object.fromEntries(made) as Record<KernelName, Kernel>;
}

export function plan_kernels(sizes: SdeSizes): SdePlan {
  const { model, estimator, layout, solver } = sizes;
  const { latent, observed, decoder } = model;
  const { nets, windows, nodes } = estimator;
  const quads = sample_quads(estimator, sizes.most_observations);
  const sample_rows = 5 + 5 * latent + rotations_of(model);
  const sde_sizes = sizes_module(sizes, quads, sample_rows);
  const outside = { inputs: padded(layout.tiling, latent) };
  // Rows of work that path.wgsl and observe.wgsl keep for themselves.
  const mlps = {
    encoder: mlp_kernel(layout, layout.parts.encoder, { batch, own_rows: 0, outside }),
    drift: drift_mlp(sizes),
    decoder: mlp_kernel(layout, layout.parts.decoder, { batch, own_rows: 2 * observed, outside }),
  };
  const of_part = (kernel: string, part: PartName, more: Record<string, string> = {}): KernelOptions => {
    const { modules, directives } = mlps[part].parts;
    return { kernel, modules: { ...modules, sde_sizes, ...more }, ...(directives ? { directives } : {}) };
  };
  const interpolation = interpolation_modules(model);
  const places = nets * windows;
  const shared = {
    encoder: (places * nodes) / batch,
    drift: solver ? places / places_per_batch : (places * quads.path) / (batch / 4),
    decoder: (places * (quads.all - quads.path)) / (batch / 4),
  };
  const sum_of = (part: PartName): KernelOptions => ({
    kernel: 'network/sum_slopes',
    modules: {
      network_part: constants({
        ...{ net_quads: layout.parameters / 4, part_first: layout.parts[part].first / 4 },
        ...{ part_quads: mlps[part].gradients / 4, sharing: shared[part] / nets },
      }),
    },
    overrides: { count: (nets * mlps[part].gradients) / 4 },
  });
  const sum_groups = (part: PartName) => Math.ceil((nets * mlps[part].gradients) / 4 / 64);
  return {
    options: {
      encode: of_part('sde/encode', 'encoder', { sde_interpolation: interpolation.forward }),
      interpolate: { kernel: 'sde/interpolate', modules: { sde_sizes }, overrides: { count: places * quads.all } },
      path: of_part(solver ? 'sde/solve' : 'sde/path', 'drift', drift_modules(sizes)),
      observe: of_part('sde/observe', 'decoder', { sde_decoder: alias('decoder', decoder !== 'identity') }),
      encode_back: of_part('sde/encode_back', 'encoder', { sde_interpolation_back: interpolation.back }),
      sum_encoder: sum_of('encoder'),
      sum_drift: sum_of('drift'),
      sum_decoder: sum_of('decoder'),
      optimize: {
        kernel: 'network/optimize',
        modules: {
          network_sizes: constants({
            ...{ quads: batch / 4, work_rows: 1 },
            ...{ weight_quads: layout.numbers / 4, parameter_quads: layout.parameters / 4 },
          }),
          network_layers: layers_module(all_layers(layout)),
        },
      },
    },
    groups: {
      encode: shared.encoder,
      interpolate: Math.ceil((places * quads.all) / 64),
      path: shared.drift,
      observe: shared.decoder,
      encode_back: shared.encoder,
      sum_encoder: sum_groups('encoder'),
      sum_drift: sum_groups('drift'),
      sum_decoder: sum_groups('decoder'),
      optimize: nets,
    },
    mlps,
    sample_rows,
    sample_quads: quads.all,
  };
}

/** Of a kernel that evaluates the drift outside of training. */
export function drift_options(sizes: SdeSizes, kernel: string): { options: KernelOptions; rows: number } {
  const quads = sample_quads(sizes.estimator, sizes.most_observations);
  const { parts, rows } = drift_mlp(sizes);
  const modules = { ...parts.modules, sde_sizes: sizes_module(sizes, quads, 0), ...drift_modules(sizes) };
  return { options: { kernel, ...parts, modules }, rows };
}

/** Rows of work that path.wgsl keeps for itself: three for every component, and one for every parameter of a person's own drift. */
const own_drift_rows = ({ model }: SdeSizes) =>
  3 * model.latent + (is_own(model.drift) ? model.drift.parameters.length : 0);

function drift_mlp(sizes: SdeSizes): MlpKernel {
  const { layout } = sizes;
  const width = padded(layout.tiling, sizes.model.latent);
  const outside = { inputs: width, outputs: width };
  return mlp_kernel(layout, layout.parts.drift, { batch, own_rows: own_drift_rows(sizes), outside });
}

function drift_modules({ model, units }: SdeSizes): Record<string, string> {
  if (!is_own(model.drift)) return { sde_drift: alias('drift', true) };
  if (units === undefined) throw new Error('a person’s own drift needs the units of the data');
  return own_drift_modules(model.drift, units, diffusion_count(model));
}
