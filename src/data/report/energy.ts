/**
 * Two distributions of a Hamiltonian sampler: the energies of the posterior, and the changes that one refreshed momentum
 * makes. Where the second is much narrower, the chain wanders through energies slowly (Betancourt 2016, arXiv 1604.00695).
 */
import { mean } from '../../diagnostics/moments.ts';
import { steps } from './chain_plots.ts';
import { chart, pad_range, type Range, range_of } from './svg.ts';

const BINS = 48;

/** Draws beyond which a part of the chains tells as much. */
const ENOUGH = 400_000;

/** `all` is [chain][draw]; each chain about its own mean. */
export function energy_panel(all: readonly Float64Array[], { width = 980, height = 220 } = {}): string {
  const stride = Math.ceil((all.length * (all[0]?.length ?? 0)) / ENOUGH);
  const energy = all.filter((_, c) => c % stride === 0);
  const marginal = energy.flatMap((chain) => {
    const center = mean(chain);
    return Array.from(chain, (e) => e - center);
  });
  const transitions = energy.flatMap((chain) => Array.from(chain.subarray(1), (e, t) => e - (chain[t] as number)));
  const range = pad_range(range_of([...extremes(marginal), ...extremes(transitions)]), 0.02);
  const densities = [histogram(marginal, range), histogram(transitions, range)];
  return chart(
    {
      width,
      height,
      x: range,
      y: [0, Math.max(...densities.flat()) * 1.06],
      y_ticks: 0,
      title: 'energy',
      description: 'Distribution of the energy and of its changes.',
    },
    (scale) =>
      densities.map((density, i) => steps(density, range, scale, i === 0 ? 'line now' : 'line later')).join(''),
  );
}

function extremes(values: readonly number[]): number[] {
  return [
    values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  ];
}

/** Density per bin over the range. */
function histogram(values: readonly number[], [low, high]: Range): number[] {
  const density = new Array<number>(BINS).fill(0);
  const width = (high - low) / BINS;
  for (const value of values) {
    const bin = Math.floor((value - low) / width);
    if (bin >= 0 && bin < BINS) density[bin] = (density[bin] as number) + 1 / (values.length * width);
  }
  return density;
}
