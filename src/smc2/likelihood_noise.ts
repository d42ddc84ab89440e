/** How noisy the likelihood estimate is where it matters: many filters at one parameter value, each with noise of its own. */

import type { FilterBank } from '../filter/bank.ts';
import type { Device } from '../gpu/device.ts';
import { site, words_at } from '../random/threefry.ts';

/** Step of the key counter that no iteration reaches, so that these filters are independent of all others. */
const key_step = 2 ** 28 - 1;

/**
 * Sd of the log-likelihood estimate of one filter at theta, over up to 64 filters of the bank (accurate to about a tenth). A bank whose filters share one
 * key by design says 0, as does a model without noise.
 */
export async function likelihood_noise(
  device: Device,
  bank: FilterBank,
  theta: readonly number[],
  key: readonly [number, number],
): Promise<number> {
  const filters = Math.min(64, bank.capacity);
  const values = new Float32Array(theta.length * bank.capacity);
  theta.forEach((x, i) => {
    values.fill(x, i * bank.capacity, i * bank.capacity + filters);
  });
  const keys = new Uint32Array(2 * filters);
  for (let f = 0; f < filters; f++) keys.set(words_at(key, site.filter_key, key_step, f), 2 * f);
  device.gpu.queue.writeBuffer(bank.theta, 0, values);
  device.gpu.queue.writeBuffer(bank.keys, 0, keys);
  await bank.evaluate(filters);
  const x = new Float32Array(await device.read(bank.results, 4 * filters));
  const mean = x.reduce((a, b) => a + b, 0) / filters;
  return Math.sqrt(x.reduce((a, b) => a + (b - mean) ** 2, 0) / (filters - 1));
}
