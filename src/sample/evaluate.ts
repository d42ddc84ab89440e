/**
 * Log density and gradient at given points, by the kernels that chains use for their gradients: of prior^power × likelihood as a density of the parameters that people see, theta.
 *
 * The kernels leave the likelihood and its derivatives by theta in `parts` (gradient.wgsl, gradient_tile.wgsl, a bank of filters), here with theta itself as the position; the
 * priors are added on the host, in float64.
 */

import type { Points } from '../diagnostics/points.ts';
import type { Device } from '../gpu/device.ts';
import { reflect_bindings } from '../gpu/link.ts';
import { inner_theta, prior_of_theta } from '../model/theta_density.ts';
import type { Model, Prior } from '../model/types.ts';
import type { Words } from '../random/threefry.ts';
import { chain_words, pack_params, params_bytes, phase } from './params.ts';
import { create_target, type Data, type Target } from './target.ts';

export interface EvaluateOptions {
  /** Power of the priors, in (0, 1]; absent: 1. */
  prior_power?: number;
  /** state-space: the key of the run whose noise is common to all filters; absent: that of seed 1. */
  key?: Words;
  /** For messages: where the points come from. */
  where?: string;
}

export interface Evaluated {
  /** [point] with the normalisers of proper priors; NaN or −Infinity where the likelihood is. */
  log_densities: Float64Array;
  /** [point][parameter] by theta. */
  gradients: Float64Array;
}

/** Row evaluations in one dispatch: well below the watchdogs. */
const most_row_evaluations = 2 ** 24;
/** Bytes of `parts`. */
const most_bytes = 2 ** 26;
/** Filters that a bank runs at once. */
const most_filters = 256;

/** @param points [point][parameter] in the model's order. Throws UserError for points outside the parameters' bounds, naming the first. */
export async function evaluate_densities(
  device: Device,
  model: Model,
  data: Data,
  points: Points,
  { prior_power = 1, key = [1, 2], where = 'points' }: EvaluateOptions = {},
): Promise<Evaluated> {
  const scalars = model.scalars.length;
  if (points.dimension !== scalars)
    throw new Error(`evaluate_densities: points of ${points.dimension} numbers for ${scalars} parameters.`);
  const { count } = points;
  const log_densities = new Float64Array(count);
  const gradients = new Float64Array(count * scalars);
  if (count === 0) return { log_densities, gradients };
  const theta = Array.from({ length: count }, (_, i) =>
    inner_theta(model, points.values.subarray(i * scalars, (i + 1) * scalars), `${where}, point ${i + 1}`),
  );
  const batch = await create_batch(device, model, data, count, key);
  try {
    for (let first = 0; first < count; first += batch.size) {
      const part = theta.slice(first, first + batch.size);
      await batch.add(part, log_densities.subarray(first), gradients.subarray(first * scalars));
    }
  } finally {
    batch.destroy();
  }
  theta.forEach((inner, i) => {
    const prior = prior_of_theta(model, inner);
    log_densities[i] = (log_densities[i] as number) + prior_power * prior.log_density;
    prior.gradient.forEach((slope, p) => {
      gradients[i * scalars + p] = (gradients[i * scalars + p] as number) + prior_power * slope;
    });
  });
  return { log_densities, gradients };
}

interface Batch {
  /** Points at once. */
  size: number;
  /** Adds log likelihood and score of at most `size` points to the first elements. */
  add(theta: readonly Float32Array[], values: Float64Array, scores: Float64Array): Promise<void>;
  destroy(): void;
}

async function create_batch(device: Device, model: Model, data: Data, count: number, key: Words): Promise<Batch> {
  const scalars = model.scalars.length;
  const size = Math.min(count, most_points(model, data));
  const target = await create_target(device, { model: without_space(model), data, chains: size, key });
  const own: Record<string, GPUBuffer> = {};
  const take = (role: string, bytes: number, usage?: number) => {
    own[role] = device.buffers.take(`langevin.sample.evaluate.${role}`, bytes, usage);
    return own[role];
  };
  const destroy = () => {
    for (const buffer of Object.values(own)) device.buffers.give(buffer);
    target.destroy();
  };
  try {
    const params = take('params', params_bytes, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
    const vectors = take('vectors', 4 * scalars * size);
    const words = take('chain_words', 4 * chain_words * size);
    const parts = take('parts', 4 * target.blocks * (1 + scalars) * size);
    const { queue } = device.gpu;
    queue.writeBuffer(params, 0, params_of(size, scalars, target.blocks));
    // No chain waits: every position is evaluated.
    queue.writeBuffer(words, 0, new Uint32Array(chain_words * size).fill(phase.starting));
    const evaluate = await create_evaluation(device, target, { ...own, ...target.buffers }, size);
    return {
      size,
      async add(theta, values, scores) {
        const position = new Float32Array(scalars * size);
        for (let c = 0; c < size; c++) {
          // The last batch may be smaller, and its last point then stands for the ones that are not there.
          const one = theta[Math.min(c, theta.length - 1)] as Float32Array;
          for (let p = 0; p < scalars; p++) position[p * size + c] = one[p] as number;
        }
        queue.writeBuffer(vectors, 0, position);
        await evaluate(parts);
        const read = new Float32Array(await device.read(parts, 4 * target.blocks * (1 + scalars) * size));
        const row = (block: number, index: number, c: number) =>
          read[(block * (1 + scalars) + index) * size + c] as number;
        for (let c = 0; c < theta.length; c++) {
          for (let block = 0; block < target.blocks; block++) {
            values[c] = (values[c] as number) + row(block, 0, c);
            for (let p = 0; p < scalars; p++) {
              scores[c * scalars + p] = (scores[c * scalars + p] as number) + row(block, 1 + p, c);
            }
          }
        }
      },
      destroy,
    };
  } catch (error) {
    destroy();
    throw error;
  }
}

/** Submits the evaluation of all positions. */
async function create_evaluation(
  device: Device,
  target: Target,
  buffers: Readonly<Record<string, GPUBuffer>>,
  size: number,
): Promise<(parts: GPUBuffer) => Promise<void>> {
  const lanes = device.adapter.kind === 'software' ? 4 : 64;
  const name = target.shape === 'bank' ? 'constrain' : target.shape === 'tile' ? 'gradient_tile' : 'gradient';
  const kernel = await device.kernel({
    kernel: `sample/${name}`,
    modules: target.modules,
    conditions: { nuts: false, dense: false, moments: false },
    overrides: { lanes },
  });
  const group = kernel.bind(
    Object.fromEntries(
      reflect_bindings(kernel.wgsl).map(({ name: binding }) => [binding, buffers[binding] as GPUBuffer]),
    ),
  );
  const invocations = name === 'constrain' ? size : Math.ceil(size / target.tile) * target.blocks;
  return async (parts) => {
    device.submit('langevin.sample.evaluate', (pass) => kernel.dispatch(pass, group, Math.ceil(invocations / lanes)));
    await target.evaluate?.(parts);
  };
}

/** The same parameters with theta itself for coordinates, and no prior. */
function without_space<M extends Model>(model: M): M {
  const prior: Prior = { family: 'flat', arguments: [], lower: -Infinity, upper: Infinity };
  return {
    ...model,
    dimension: model.scalars.length,
    scalars: model.scalars.map((scalar) => ({ ...scalar, prior })),
    fields: model.fields.map((field) => ({
      ...field,
      constraint: 'none' as const,
      unconstrained: { offset: field.offset, size: Math.max(1, field.size) },
    })),
  };
}

function most_points(model: Model, data: Data): number {
  if ('series' in data) return most_filters;
  const by_work = Math.floor(most_row_evaluations / Math.max(1, data.rows.count));
  // Rows may be cut in 256 blocks where points are few; then parts are as many.
  const by_bytes = Math.floor(most_bytes / (4 * (1 + model.scalars.length)));
  return Math.max(1, Math.min(by_work, by_bytes));
}

const params_of = (chains: number, coordinates: number, blocks: number) =>
  pack_params({
    ...{ chains, coordinates, blocks, ticks: 1, limit: 0, capacity: 1, origin: 0, thinning: 1, most_steps: 1 },
    ...{ law_kind: 0, law_length: 1, shared_length: true, learning: false, epsilon: 0, key: [0, 0], homeward: false },
  });
