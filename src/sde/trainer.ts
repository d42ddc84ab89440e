/** Trains a latent SDE: a step is nine dispatches, many are recorded at once, and nothing is read back but the curve. */

import type { Device } from '../gpu/device.ts';
import { fill_transposes } from '../network/mlp.ts';
import { site, type Words, words_at } from '../random/threefry.ts';
import { channels_of } from './problem.ts';
import { curve_length, pack_run } from './run_params.ts';
import type { TrainingState } from './state.ts';
import { create_step, type StepOptions } from './step.ts';
import { sweep } from './sweeps.ts';
import { place_encoded } from './tables.ts';

export interface TrainerOptions extends StepOptions {
  /** Steps in which the weight of the divergences rises to 1. */
  ramp: number;
  /** Prior of log D, which is normal. */
  diffusion: { mean: number; sd: number };
  key: Words;
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
  /** Estimates of the terms over all data with the parameters as they are, [pass][net], every pass with draws of its own. @param from the first of them */
  evaluate(passes: number, from?: number): Promise<Terms[][]>;
  /** One estimate at the windows from `first` on, with its gradient [net][parameter]; nothing moves. */
  differentiate(first: number): Promise<{ terms: Terms[]; slopes: Float32Array }>;
  /** What the encoder says with the parameters as they are: [net][node][channel] (shaders/sde/nodes.wgsl). */
  encode(): Promise<Float32Array[]>;
  /** [place][row][sample], as the last step left them. */
  read_samples(): Promise<Float32Array>;
  /** [net][number]; of the average over the steps where asked. */
  read_weights(averaged?: boolean): Promise<Float32Array<ArrayBuffer>>;
  read_state(): Promise<TrainingState>;
  destroy(): void;
}

export async function create_sde_trainer(device: Device, options: TrainerOptions): Promise<SdeTrainer> {
  const { model, estimator, layout, tables } = options;
  const { nets, windows, nodes } = estimator;
  const step = await create_step(device, options);
  const { run, weights, encoded, samples, gradients, moments, averages, terms, curve } = step.buffers;
  const parameters = nets * layout.parameters;
  const set_run = (sweep?: number, key: Words = options.key) => {
    const share = sweep === undefined ? tables.windows.length / (options.solver?.windows ?? windows) : 1;
    const shared = { key, window_count: tables.windows.length, ramp: options.ramp };
    const scales = { scale: share / tables.numbers, prior_scale: 1 / tables.numbers };
    const prior = { diffusion_mean: options.diffusion.mean, diffusion_sd: options.diffusion.sd };
    device.gpu.queue.writeBuffer(
      run,
      0,
      pack_run({ ...shared, ...scales, ...prior, ...(sweep === undefined ? {} : { sweep }) }),
    );
  };
  const firsts = Array.from({ length: Math.ceil(tables.windows.length / windows) }, (_, n) => n * windows);
  const clear_terms = () => device.gpu.queue.writeBuffer(terms, 0, new Float32Array(4 * nets));
  const take_terms = async () => {
    const all = new Float32Array(await device.read(terms, 16 * nets));
    clear_terms();
    return Array.from({ length: nets }, (_, net) => to_terms(all, net));
  };
  let done = options.start.steps;
  return {
    async run(count) {
      set_run();
      const curves: Terms[][] = Array.from({ length: nets }, () => []);
      for (let left = count; left > 0; ) {
        const now = Math.min(left, curve_length);
        step.submit('step', now);
        const all = new Float32Array(await device.read(curve, 16 * nets * curve_length));
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
    async evaluate(times, from = 0) {
      const passes: Terms[][] = [];
      for (let pass = from; pass < from + times; pass++) {
        const sums = Array.from({ length: nets }, (): Terms => ({ path: 0, likelihood: 0, start: 0, prior: 0 }));
        const submit = (first: number) => {
          clear_terms();
          set_run(first, words_at(options.key, site.batch, 1 + pass, first));
          step.submit('gradient', 1);
        };
        await sweep(device, { firsts, submit, source: terms }, (_, bytes) => {
          sums.forEach((sum, net) => {
            const one = to_terms(new Float32Array(bytes), net);
            for (const name of term_names) sum[name] += one[name];
          });
        });
        clear_terms();
        passes.push(sums);
      }
      return passes;
    },
    async differentiate(first) {
      set_run(first);
      step.submit('gradient', 1);
      return { terms: await take_terms(), slopes: new Float32Array(await device.read(gradients, 4 * parameters)) };
    },
    async encode() {
      const channels = channels_of(model);
      const all = Array.from({ length: nets }, () => new Float32Array(tables.nodes.length * channels));
      const submit = (first: number) => {
        set_run(first);
        step.submit('encode', 1);
      };
      await sweep(device, { firsts, submit, source: encoded }, (first, bytes) => {
        const read = new Float32Array(bytes);
        const shown = tables.windows.slice(first, first + windows);
        all.forEach((to, net) => {
          const own = read.subarray(net * windows * channels * nodes, (net + 1) * windows * channels * nodes);
          place_encoded(to, own, shown, { latent: model.latent, channels, nodes });
        });
      });
      return all;
    },
    read_samples: async () => new Float32Array(await device.read(samples, samples.size)),
    async read_weights(averaged = false) {
      const all = new Float32Array(await device.read(weights, 4 * nets * layout.numbers));
      if (!averaged) return all;
      const mean = new Float32Array(await device.read(averages, 4 * parameters));
      for (let net = 0; net < nets; net++) {
        const one = all.subarray(net * layout.numbers, (net + 1) * layout.numbers);
        one.set(mean.subarray(net * layout.parameters, (net + 1) * layout.parameters));
        fill_transposes(layout, one);
      }
      return all;
    },
    async read_state() {
      const read = async (buffer: GPUBuffer, numbers: number) =>
        new Float32Array(await device.read(buffer, 4 * numbers));
      return {
        steps: done,
        weights: await read(weights, nets * layout.numbers),
        moments: await read(moments, 2 * parameters),
        averages: await read(averages, parameters),
      };
    },
    destroy: step.destroy,
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
