/** Autocovariance of chains through the power spectrum (Wiener and Khinchin). */
import { type Chains, check_chains } from './chains.ts';
import { fourier_transform } from './fft.ts';
import { mean } from './moments.ts';

/**
 * [lag 0 … n − 1] mean over chains of (1/n) Σ_t (x_t − x̄)(x_{t+lag} − x̄): divided by n at every lag, as Geyer (1992)
 * advises, so that far lags shrink instead of exploding. Each chain about its own mean.
 *
 * The transform is linear in the spectrum, so spectra are summed before one transform back; and two real chains share
 * one complex transform, because what mixes them in |a + ib|² is odd in frequency and has no real part afterwards.
 */
export function mean_autocovariance(chains: Chains): Float64Array {
  check_chains(chains);
  const n = chains[0]?.length ?? 0;
  // Zeros behind the draws keep the end of a chain from meeting its beginning.
  const size = 2 ** Math.ceil(Math.log2(Math.max(1, 2 * n)));
  const power = new Float64Array(size);
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  for (let c = 0; c < chains.length; c += 2) {
    center_into(re, chains[c]);
    center_into(im, chains[c + 1]);
    fourier_transform(re, im);
    for (let k = 0; k < size; k++) power[k] = (power[k] as number) + (re[k] as number) ** 2 + (im[k] as number) ** 2;
  }
  im.fill(0);
  fourier_transform(power, im);
  const scale = 1 / (size * n * chains.length);
  return power.slice(0, n).map((x) => x * scale);
}

/** [lag 0 … lags − 1] autocorrelation of one chain; NaN where it does not vary. */
export function autocorrelation(chain: Float64Array, lags: number): Float64Array {
  const covariance = mean_autocovariance([chain]).slice(0, lags);
  const varies = chain.some((x) => x !== chain[0]);
  const at_zero = varies ? (covariance[0] as number) : Number.NaN;
  return covariance.map((x) => x / at_zero);
}

/** The chain less its mean, then zeros; only zeros for no chain. */
function center_into(target: Float64Array, chain: Float64Array | undefined): void {
  const n = chain?.length ?? 0;
  const center = chain === undefined ? 0 : mean(chain);
  for (let t = 0; t < n; t++) target[t] = (chain?.[t] as number) - center;
  target.fill(0, n);
}
