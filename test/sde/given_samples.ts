/** Runs the kernels that make the terms of the bound at moments of q that a test gives, instead of those of an encoder. One latent component and channel. */

import type { Device } from '../../src/gpu/device.ts';
import { create_kernels, plan_kernels } from '../../src/sde/kernels.ts';
import type { SdeSizes } from '../../src/sde/modules.ts';
import { pack_run } from '../../src/sde/run_params.ts';
import type { GoldenSample } from './ou_golden.ts';

interface Setting extends Omit<SdeSizes, 'most_observations'> {
  weights: Float32Array<ArrayBuffer>;
}

interface Place {
  m: number;
  l: number;
}

/** Terms of the bound, not divided by anything. */
export async function terms_at(
  device: Device,
  { weights, ...sizes }: Setting,
  path: readonly GoldenSample[],
  at_times: readonly Place[],
  values: readonly number[],
  start: Place,
): Promise<{ path: number; likelihood: number; start: number }> {
  const plan = plan_kernels({ ...sizes, most_observations: values.length });
  const kernels = await create_kernels(device, plan);
  const { groups, mlps, sample_rows, sample_quads } = plan;
  const count = 4 * sample_quads;
  const samples = new Float32Array(sample_rows * count);
  /** @param rows in the order of shaders/sde/samples.wgsl */
  const put = (sample: number, rows: readonly number[]) => {
    for (const [row, value] of rows.entries()) samples[row * count + sample] = value;
  };
  const of_path = 32 * groups.path;
  path.forEach(({ weight, eps, m, dm, l, dl }, s) => {
    put(s, [weight, 0.5, 0, 1, 0, eps, m, dm, l, dl]);
  });
  at_times.forEach(({ m, l }, n) => {
    put(of_path + n, [1, 0.5, 0, 1, 0, 0, m, 0, l, 0]);
  });
  const encoded = new Float32Array(6 * sizes.estimator.nodes);
  encoded[0] = start.m;
  encoded[3 * sizes.estimator.nodes] = start.l;
  const up = (name: string, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>, usage?: number) =>
    device.upload(`test.${name}`, data, usage);
  const run = pack_run({
    ...{ key: [1, 2], window_count: 1, sweep: 0, ramp: 1, scale: 1, prior_scale: 1 },
    ...{ diffusion_mean: 0, diffusion_sd: 1 },
  });
  const common = {
    run: up('run', new Uint32Array(run), GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST),
    progress: up('progress', new Uint32Array(1)),
    weights: up('weights', weights),
    samples: up('samples', samples),
  };
  const windows = up('windows', Uint32Array.from([0, 1, 0, values.length, 1]));
  const own = (part: 'encoder' | 'drift' | 'decoder', workgroups: number) => ({
    work: up('work', new Float32Array(workgroups * mlps[part].rows * 32)),
    gradients: up('gradients', new Float32Array(workgroups * mlps[part].gradients)),
  });
  const parts = {
    path: own('drift', groups.path),
    observe: own('decoder', groups.observe),
    encode_back: own('encoder', groups.encode_back),
  };
  const pairs = Float32Array.from(values.flatMap((v) => [v, 1]));
  const bindings = {
    path: { ...common, ...parts.path },
    observe: { ...common, ...parts.observe, windows, values: up('values', pairs) },
    encode_back: {
      ...common,
      ...parts.encode_back,
      windows,
      encoded: up('encoded', encoded),
      nodes: up('nodes', new Float32Array(6)),
    },
  };
  const names = ['path', 'observe', 'encode_back'] as const;
  device.submit('test.terms', (pass) => {
    for (const name of names) kernels[name].dispatch(pass, kernels[name].bind(bindings[name]), groups[name]);
  });
  const total = async (name: (typeof names)[number], part: 'encoder' | 'drift' | 'decoder', term: number) => {
    const numbers = mlps[part].gradients;
    const all = new Float32Array(await device.read(parts[name].gradients, 4 * groups[name] * numbers));
    return Array.from({ length: groups[name] }, (_, n) => all[(n + 1) * numbers - 4 + term] as number).reduce(
      (sum, v) => sum + v,
      0,
    );
  };
  return {
    path: await total('path', 'drift', 0),
    likelihood: await total('observe', 'decoder', 1),
    start: await total('encode_back', 'encoder', 2),
  };
}
