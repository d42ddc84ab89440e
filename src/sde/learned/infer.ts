/** What a learned model says of series that it has not seen: its encoder reads them, and nothing is learned. */

import type { Device } from '../../gpu/device.ts';
import { UserError } from '../../model/user_error.ts';
import { network_overrides } from '../../network/modules.ts';
import { plan_kernels } from '../kernels.ts';
import { create_posterior } from '../posterior.ts';
import { batch, channels_of } from '../problem.ts';
import { pack_run, run_bytes } from '../run_params.ts';
import { type Series, type Tables, tabulate } from '../series.ts';
import { pack_nodes, pack_windows, place_encoded } from '../tables.ts';
import { to_units } from '../units.ts';
import { scale_of } from '../view.ts';
import type { LearnedSde } from './learned.ts';

/** @param raw in the data's units, that check_series.ts accepts @param names as messages call them. Throws UserError for gaps and uneven times where nothing of the kind was learned from. */
export async function infer(
  device: Device,
  learned: LearnedSde,
  raw: readonly Series[],
  names: readonly string[],
): Promise<LearnedSde> {
  const series = to_units(raw, learned.units);
  for (const [n, one] of series.entries()) {
    const { has_gaps, is_regular } = scale_of([one], 1);
    if (has_gaps && !learned.scale.has_gaps)
      throw new UserError(
        `${names[n]} has gaps, and the series that were learned from have none: the encoder does not know them.`,
      );
    if (!is_regular && learned.scale.is_regular)
      throw new UserError(
        `${names[n]} has uneven times, and those of the series that were learned from are even: the encoder does not know others.`,
      );
  }
  const tables = tabulate(series, learned.table_options, learned.scale);
  const encoded = await encode(device, learned, tables);
  return { ...learned, series, tables, posterior: create_posterior(learned.model, tables, encoded) };
}

/** [node][channel] */
async function encode(
  device: Device,
  { model, layout, weights, drift_units, ...learned }: LearnedSde,
  tables: Tables,
): Promise<Float32Array> {
  const { nodes } = learned.estimator;
  const windows = Math.min(tables.windows.length, 64);
  const estimator = { ...learned.estimator, nets: 1, windows };
  const { options, groups, mlps } = plan_kernels({
    ...{ model, estimator, layout, most_observations: tables.most_observations },
    ...(drift_units === undefined ? {} : { units: drift_units }),
  });
  const kernel = await device.kernel({ ...options.encode, overrides: network_overrides(device) });
  const channels = channels_of(model);
  const upload = (role: string, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) =>
    device.upload(`langevin.sde.infer.${role}`, data);
  const own = {
    run: device.buffers.take('langevin.sde.infer.run', run_bytes, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST),
    progress: upload('progress', new Uint32Array(1)),
    windows: upload('windows', pack_windows(tables)),
    weights: upload('weights', weights),
    work: upload('work', new Float32Array(groups.encode * mlps.encoder.rows * batch)),
    encoded: upload('encoded', new Float32Array(windows * channels * nodes)),
    inputs: upload('inputs', tables.inputs),
    bases: upload('bases', tables.bases),
    ...(model.interpolation ? { nodes: upload('nodes', pack_nodes(tables)) } : {}),
  };
  try {
    const group = kernel.bind(own);
    const all = new Float32Array(tables.nodes.length * channels);
    const shared = { key: [0, 0] as const, window_count: tables.windows.length, ramp: 1, scale: 1, prior_scale: 1 };
    for (let first = 0; first < tables.windows.length; first += windows) {
      const params = pack_run({ ...shared, sweep: first, diffusion_mean: 0, diffusion_sd: 1 });
      device.gpu.queue.writeBuffer(own.run, 0, params);
      device.submit('langevin.sde.infer', (pass) => kernel.dispatch(pass, group, groups.encode));
      const read = new Float32Array(await device.read(own.encoded, own.encoded.size));
      place_encoded(all, read, tables.windows.slice(first, first + windows), { latent: model.latent, channels, nodes });
    }
    return all;
  } finally {
    for (const buffer of Object.values(own)) device.buffers.give(buffer);
  }
}
