/** One step of the training of latent SDEs, on the GPU: its buffers, and the dispatches that it is made of. */

import type { Device } from '../gpu/device.ts';
import { create_kernels, type PartName, part_names, plan_kernels } from './kernels.ts';
import type { Solver } from './modules.ts';
import type { OwnDriftUnits } from './own_drift.ts';
import { batch, channels_of, type Estimator, type SdeLayout, type SdeModel } from './problem.ts';
import { curve_length, pack_schedule, run_bytes, type Schedule, schedule_bytes } from './run_params.ts';
import type { Tables } from './series.ts';
import type { TrainingState } from './state.ts';
import { pack_nodes, pack_observations, pack_windows } from './tables.ts';

export interface StepOptions {
  model: SdeModel;
  estimator: Estimator;
  layout: SdeLayout;
  tables: Tables;
  schedule: Schedule;
  /** Where the drift is a person's own. */
  units?: OwnDriftUnits;
  solver?: Solver;
  start: TrainingState;
}

export interface Step {
  /** Those that the host reads or writes. */
  buffers: Readonly<
    Record<
      'run' | 'progress' | 'weights' | 'encoded' | 'samples' | 'gradients' | 'moments' | 'averages' | 'terms' | 'curve',
      GPUBuffer
    >
  >;
  /** Records whole steps, or parts of one: all but the optimizer, or the encoder alone. */
  submit(what: 'step' | 'gradient' | 'encode', times: number): void;
  destroy(): void;
}

export async function create_step(device: Device, options: StepOptions): Promise<Step> {
  const { model, estimator, layout, tables, schedule } = options;
  const { nets, windows, nodes } = estimator;
  const plan = plan_kernels({
    ...{ model, estimator, layout, most_observations: tables.most_observations },
    ...(options.units ? { units: options.units } : {}),
    ...(options.solver ? { solver: options.solver } : {}),
  });
  const kernels = await create_kernels(device, plan);
  const places = nets * windows;
  const parameters = nets * layout.parameters;
  const take = (role: string, numbers: number, usage?: number) =>
    device.buffers.take(`langevin.sde.${role}`, 4 * numbers, usage);
  const upload = (role: string, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) =>
    device.upload(`langevin.sde.${role}`, data);
  // Rows and inputs that fill up tiles are read, and must be finite.
  const zeros = (role: string, numbers: number) => upload(role, new Float32Array(numbers));
  const uniform = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
  const of_parts = <T>(make: (part: PartName) => T) =>
    Object.fromEntries(part_names.map((part) => [part, make(part)])) as Record<PartName, T>;
  const groups_of = { encoder: plan.groups.encode, drift: plan.groups.path, decoder: plan.groups.observe };
  const work = of_parts((part) => zeros(`work.${part}`, groups_of[part] * plan.mlps[part].rows * batch));
  const partial = of_parts((part) => zeros(`partial.${part}`, groups_of[part] * plan.mlps[part].gradients));
  const data = {
    windows: upload('windows', pack_windows(tables)),
    nodes: upload('nodes', pack_nodes(tables)),
    observations: upload('observations', pack_observations(tables)),
    values: upload('values', tables.values),
    inputs: upload('inputs', tables.inputs),
    bases: upload('bases', tables.bases),
  };
  const own = {
    run: take('run', run_bytes / 4, uniform),
    schedule: take('schedule', schedule_bytes / 4, uniform),
    progress: upload('progress', new Uint32Array(nets).fill(options.start.steps)),
    weights: upload('weights', options.start.weights),
    encoded: zeros('encoded', places * channels_of(model) * nodes),
    samples: zeros('samples', places * plan.sample_rows * 4 * plan.sample_quads),
    gradients: zeros('gradients', parameters),
    moments: upload('moments', options.start.moments),
    averages: upload('averages', options.start.averages),
    terms: zeros('terms', 4 * nets),
    curve: zeros('curve', 4 * nets * curve_length),
  };
  device.gpu.queue.writeBuffer(own.schedule, 0, pack_schedule(schedule));
  const { run, progress, weights, encoded, samples } = own;
  const common = { run, progress, windows: data.windows };
  const buffers = {
    encode: {
      ...{ ...common, weights, work: work.encoder, encoded, inputs: data.inputs, bases: data.bases },
      ...(model.interpolation ? { nodes: data.nodes } : {}),
    },
    interpolate: { ...common, encoded, samples, nodes: data.nodes, observations: data.observations },
    path: {
      ...{ run, progress, weights, work: work.drift, gradients: partial.drift, samples },
      // A solver meets the observations on its way.
      ...(options.solver ? { windows: data.windows, values: data.values } : {}),
    },
    observe: { ...common, weights, work: work.decoder, gradients: partial.decoder, samples, values: data.values },
    encode_back: {
      ...common,
      weights,
      work: work.encoder,
      gradients: partial.encoder,
      encoded,
      samples,
      nodes: data.nodes,
    },
    sum_encoder: { partial_slopes: partial.encoder, slopes: own.gradients, terms: own.terms },
    sum_drift: { partial_slopes: partial.drift, slopes: own.gradients, terms: own.terms },
    sum_decoder: { partial_slopes: partial.decoder, slopes: own.gradients, terms: own.terms },
    optimize: {
      schedule: own.schedule,
      progress,
      weights,
      gradients: own.gradients,
      moments: own.moments,
      averages: own.averages,
      terms: own.terms,
      curve: own.curve,
    },
  } satisfies Record<keyof typeof kernels, Record<string, GPUBuffer>>;
  const left_out: readonly (keyof typeof kernels)[] = options.solver ? ['observe', 'sum_decoder'] : [];
  const names = (Object.keys(buffers) as (keyof typeof kernels)[]).filter((name) => !left_out.includes(name));
  const step = names.map((name) => {
    const kernel = kernels[name];
    return { name, kernel, group: kernel.bind(buffers[name]), groups: plan.groups[name] };
  });
  const parts = {
    step,
    gradient: step.filter(({ name }) => name !== 'optimize'),
    encode: step.filter(({ name }) => name === 'encode'),
  };
  return {
    buffers: own,
    submit(what, times) {
      device.submit('langevin.sde.step', (pass) => {
        for (let n = 0; n < times; n++)
          for (const { kernel, group, groups } of parts[what]) kernel.dispatch(pass, group, groups);
      });
    },
    destroy() {
      for (const buffer of [work, partial, data, own].flatMap((all) => Object.values<GPUBuffer>(all)))
        device.buffers.give(buffer);
    },
  };
}
