/** Returns simulated from the stochastic volatility model: 120 days, mu −0.5, phi 0.95, sigma 0.3, by counters, the same in every browser. */

import { normal_quantile } from '../../../diagnostics/normal_quantile.ts';
import { site, uniform_at } from '../../../random/threefry.ts';

const days = 120;
const [mu, phi, sigma] = [-0.5, 0.95, 0.3] as const;
const key = [0x7265_7475, 1] as const;

export function simulated(): Float64Array {
  const normal = (step: number, index: number) => normal_quantile(uniform_at(key, site.start, step, index));
  let x = mu + (sigma / Math.sqrt(1 - phi * phi)) * normal(0, 0);
  return Float64Array.from({ length: days }, (_, t) => {
    x = mu + phi * (x - mu) + sigma * normal(t + 1, 0);
    // So many digits as the file has.
    return Number((Math.exp(x / 2) * normal(t + 1, 1)).toFixed(6));
  });
}
