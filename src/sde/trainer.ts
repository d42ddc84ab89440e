/** Trains a latent SDE: a step is nine dispatches, many are recorded at once, and nothing is read back but the curve. */

import type { Device } from '../gpu/device.ts';
import { fill_transposes } from '../network/mlp.ts';
import { site, type Words, words_at } from '../random/threefry.ts';
import { create_kernels, type PartName, part_names, plan_kernels } from './kernels.ts';
import type { OwnDriftUnits } from './own_drift.ts';
import { batch, channels_of, type Estimator, type SdeLayout, type SdeModel } from './problem.ts';
import { pack_run, pack_schedule, run_bytes, type Schedule, schedule_bytes } from './run_params.ts';
import type { Tables } from './series.ts';
import { pack_nodes, pack_observations, pack_windows } from './tables.ts';

export interface TrainerOptions {
  model: SdeModel;
  estimator: Estimator;
  layout: SdeLayout;
  tables: Tables;
  schedule: Schedule;
  /** Steps in which the weight of the divergences rises to 1. */
  ramp: number;
  /** Prior of log D, which is normal. */
  diffusion: { mean: number; sd: number };
  /** Where the drift is a person's own. */
  units?: OwnDriftUnits;
  key: Words;
  /** [net][number] (src/network/mlp.ts) */
  start: Float32Array<ArrayBuffer>;
}

/** Of the bound, all divided by the count of single values observed: likelihood − path − start − prior. */
export interface Terms {
  /** Divergence of q's path from the prior's. */
  path: number;
  /** Expected log density of the observations. */
  likelihood: number;
  /** Divergence at the start of the series. */
  start: number;
  /** Divergence of log D from its prior. */
  prior: number;
}

export interface SdeTrainer {
  /** The next steps. Terms [net][step]; the divergences as they are, without their weight. */
  run(steps: number): Promise<Terms[][]>;
  /** Estimates of the terms over all data with the parameters as they are, [pass][net], every pass with draws of its own. */
  evaluate(passes: number): Promise<Terms[][]>;
  /** One estimate at the windows from `first` on, with its gradient [net][parameter]; nothing moves. */
  differentiate(first: number): Promise<{ terms: Terms[]; slopes: Float32Array }>;
  /** What the encoder says with the parameters as they are: [net][node][channel] (shaders/sde/nodes.wgsl). */
  encode(): Promise<Float32Array[]>;
  /** [place][row][sample], as the last step left them. */
  read_samples(): Promise<Float32Array>;
  /** [net][number]; of the average over the steps where asked. */
  read_weights(averaged?: boolean): Promise<Float32Array<ArrayBuffer>>;
  destroy(): void;
}

/** Steps between two readings of the curve at the most. */
export const curve_length = 256;

export async function create_sde_trainer(device: Device, options: TrainerOptions): Promise<SdeTrainer> {
  const { model, estimator, layout, tables, schedule } = options;
  const { nets, windows, nodes } = estimator;
  const plan = plan_kernels({
    ...{ model, estimator, layout, most_observations: tables.most_observations },
    ...(options.units ? { units: options.units } : {}),
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
    progress: zeros('progress', nets),
    weights: upload('weights', options.start),
    encoded: zeros('encoded', places * channels_of(model) * nodes),
    samples: zeros('samples', places * plan.sample_rows * 4 * plan.sample_quads),
    gradients: zeros('gradients', parameters),
    moments: zeros('moments', 2 * parameters),
    averages: zeros('averages', parameters),
    terms: zeros('terms', 4 * nets),
    curve: zeros('curve', 4 * nets * curve_length),
  };
  device.gpu.queue.writeBuffer(own.schedule, 0, pack_schedule(schedule, curve_length));
  const { run, progress, weights, encoded, samples } = own;
  const common = { run, progress, windows: data.windows };
  const buffers = {
    encode: { ...common, weights, work: work.encoder, encoded, inputs: data.inputs, bases: data.bases },
    interpolate: { ...common, encoded, samples, nodes: data.nodes, observations: data.observations },
    path: { run, progress, weights, work: work.drift, gradients: partial.drift, samples },
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
  const step = (Object.keys(buffers) as (keyof typeof kernels)[]).map((name) => {
    const kernel = kernels[name];
    return { name, kernel, group: kernel.bind(buffers[name]), groups: plan.groups[name] };
  });
  const differentiating = step.filter(({ name }) => name !== 'optimize');
  const encoding = step.filter(({ name }) => name === 'encode');
  const submit = (what: typeof step, times: number) =>
    device.submit('langevin.sde.step', (pass) => {
      for (let n = 0; n < times; n++)
        for (const { kernel, group, groups } of what) kernel.dispatch(pass, group, groups);
    });
  const set_run = (sweep?: number, key: Words = options.key) => {
    const share = sweep === undefined ? tables.windows.length / windows : 1;
    const shared = { key, window_count: tables.windows.length, ramp: options.ramp };
    const scales = { scale: share / tables.numbers, prior_scale: 1 / tables.numbers };
    const prior = { diffusion_mean: options.diffusion.mean, diffusion_sd: options.diffusion.sd };
    device.gpu.queue.writeBuffer(
      run,
      0,
      pack_run({ ...shared, ...scales, ...prior, ...(sweep === undefined ? {} : { sweep }) }),
    );
  };
  const take_terms = async () => {
    const all = new Float32Array(await device.read(own.terms, 16 * nets));
    device.gpu.queue.writeBuffer(own.terms, 0, new Float32Array(4 * nets));
    return Array.from({ length: nets }, (_, net) => to_terms(all, net));
  };
  let done = 0;
  return {
    async run(count) {
      set_run();
      const curves: Terms[][] = Array.from({ length: nets }, () => []);
      for (let left = count; left > 0; ) {
        const now = Math.min(left, curve_length);
        submit(step, now);
        const all = new Float32Array(await device.read(own.curve, 16 * nets * curve_length));
        for (let net = 0; net < nets; net++) {
          for (let n = 0; n < now; n++) {
            curves[net]?.push(to_terms(all, net * curve_length + ((done + n) % curve_length)));
          }
        }
        done += now;
        left -= now;
      }
      return curves;
    },
    async evaluate(times) {
      const passes: Terms[][] = [];
      for (let pass = 0; pass < times; pass++) {
        const sums = Array.from({ length: nets }, (): Terms => ({ path: 0, likelihood: 0, start: 0, prior: 0 }));
        for (let first = 0; first < tables.windows.length; first += windows) {
          set_run(first, words_at(options.key, site.batch, 1 + pass, 0));
          submit(differentiating, 1);
          (await take_terms()).forEach((one, net) => {
            const sum = sums[net] as Terms;
            for (const name of term_names) sum[name] += one[name];
          });
        }
        passes.push(sums);
      }
      return passes;
    },
    async differentiate(first) {
      set_run(first);
      submit(differentiating, 1);
      return { terms: await take_terms(), slopes: new Float32Array(await device.read(own.gradients, 4 * parameters)) };
    },
    async encode() {
      const channels = channels_of(model);
      const all = Array.from({ length: nets }, () => new Float32Array(tables.nodes.length * channels));
      for (let first = 0; first < tables.windows.length; first += windows) {
        set_run(first);
        submit(encoding, 1);
        const read = new Float32Array(await device.read(own.encoded, 4 * places * channels * nodes));
        for (let place = 0; place < places; place++) {
          const window = tables.windows[first + (place % windows)];
          const to = all[Math.floor(place / windows)];
          for (let n = 0; window && to && n <= window.intervals; n++) {
            for (let channel = 0; channel < channels; channel++) {
              to[(window.first_node + n) * channels + channel] = read[
                (place * channels + channel) * nodes + n
              ] as number;
            }
          }
        }
      }
      return all;
    },
    read_samples: async () => new Float32Array(await device.read(samples, samples.size)),
    async read_weights(averaged = false) {
      const all = new Float32Array(await device.read(weights, 4 * nets * layout.numbers));
      if (!averaged) return all;
      const mean = new Float32Array(await device.read(own.averages, 4 * parameters));
      for (let net = 0; net < nets; net++) {
        const one = all.subarray(net * layout.numbers, (net + 1) * layout.numbers);
        one.set(mean.subarray(net * layout.parameters, (net + 1) * layout.parameters));
        fill_transposes(layout, one);
      }
      return all;
    },
    destroy() {
      for (const buffer of [work, partial, data, own].flatMap((all) => Object.values<GPUBuffer>(all)))
        device.buffers.give(buffer);
    },
  };
}

const term_names = ['path', 'likelihood', 'start', 'prior'] as const;

function to_terms(all: Float32Array, at: number): Terms {
  const [path, likelihood, start, prior] = all.subarray(4 * at, 4 * at + 4) as unknown as [
    number,
    number,
    number,
    number,
  ];
  return { path, likelihood, start, prior };
}
