/** Marginal posteriors: weighted histograms under their priors, with median and 90 % interval. */
import { effective_sample_size, type WeightedSample, weighted_quantiles } from '../../diagnostics/weighted.ts';
import type { Marginal, Posterior } from './input.ts';
import { chart, fix, line, pad_range, type Range } from './svg.ts';

/** One panel per parameter. */
export function marginal_panels(posterior: Posterior): string[] {
  return posterior.marginals.map((marginal) => marginal_panel(marginal, posterior.weights));
}

function marginal_panel(marginal: Marginal, weights: ArrayLike<number> | undefined): string {
  const sample = { values: marginal.values, weights };
  const [low = 0, q05 = 0, q50 = 0, q95 = 0, high = 1] = weighted_quantiles(sample, [0.001, 0.05, 0.5, 0.95, 0.999]);
  const x = pad_range(low < high ? [low, high] : [low - 0.5, low + 0.5], 0.02);
  const bars = histogram(sample, x);
  const tallest = Math.max(...bars.density);
  const prior = visible_prior(marginal, x);
  // A prior much narrower than the posterior is a mistake worth seeing, but must not flatten the bars.
  const top = Math.min(Math.max(tallest, ...prior.y, ...(marginal.exact_density?.y ?? [])), 2.5 * tallest) * 1.06;
  const unit = marginal.unit === undefined ? '' : ` (${marginal.unit})`;
  return chart(
    {
      width: 330,
      height: 200,
      x,
      // Room below zero for the interval line.
      y: [-0.1 * top, top],
      y_ticks: 0,
      title: `${marginal.name}${unit}`,
      description: `Posterior of ${marginal.name}: median ${q50}, 90 % interval ${q05} to ${q95}.`,
    },
    (scale) => {
      const zero = scale.y(0);
      let d = `M0 ${fix(zero)}`;
      bars.density.forEach((density, b) => {
        const from = fix(scale.x(x[0] + b * bars.bin));
        const to = fix(scale.x(x[0] + (b + 1) * bars.bin));
        const height = fix(scale.y(density));
        d += `L${from} ${height}L${to} ${height}`;
      });
      d += `L${fix(scale.width)} ${fix(zero)}Z`;
      const interval = fix(scale.y(-0.05 * top));
      return [
        `<path class="bars" d="${d}"/>`,
        `<path class="grid" d="M0 ${fix(zero)}H${fix(scale.width)}"/>`,
        line(prior.x, prior.y, scale, 'prior'),
        marginal.exact_density ? line(marginal.exact_density.x, marginal.exact_density.y, scale, 'line exact') : '',
        `<path class="interval" d="M${fix(scale.x(q05))} ${interval}H${fix(scale.x(q95))}"/>`,
        `<path class="median" d="M${fix(scale.x(q50))} ${interval}h0"/>`,
      ].join('');
    },
  );
}

/** Density per bin over `x`; the number of bins follows the effective number of draws (Rice: 2 n^⅓), 12 to 48. */
function histogram({ values, weights }: WeightedSample, x: Range): { density: number[]; bin: number } {
  const n = weights === undefined ? values.length : effective_sample_size(weights);
  const count = Math.round(Math.min(48, Math.max(12, 2 * Math.cbrt(n))));
  const bin = (x[1] - x[0]) / count;
  const density = new Array<number>(count).fill(0);
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const w = weights === undefined ? 1 : (weights[i] ?? 0);
    total += w;
    const b = Math.floor(((values[i] ?? Number.NaN) - x[0]) / bin);
    if (b >= 0 && b < count) density[b] = (density[b] ?? 0) + w;
  }
  return { density: density.map((mass) => mass / total / bin), bin };
}

/** The prior's points inside the panel and one beyond on each side, so that its line reaches the edges. */
function visible_prior({ prior_density: prior }: Marginal, [low, high]: Range): { x: number[]; y: number[] } {
  const x: number[] = [];
  const y: number[] = [];
  if (prior === undefined) return { x, y };
  for (let i = 0; i < prior.x.length; i++) {
    const before = prior.x[i - 1] ?? Number.POSITIVE_INFINITY;
    const after = prior.x[i + 1] ?? Number.NEGATIVE_INFINITY;
    if (after < low || before > high) continue;
    x.push(prior.x[i] ?? Number.NaN);
    y.push(prior.y[i] ?? Number.NaN);
  }
  return { x, y };
}

/** How to read the panels. */
export function marginals_caption({ marginals, weights }: Posterior): string {
  const with_prior = marginals.some(({ prior_density }) => prior_density !== undefined);
  return (
    `Bars: ${marginals[0]?.values.length ?? 0} ${weights === undefined ? '' : 'weighted '}draws from the posterior. ` +
    `${with_prior ? 'Dashed: the prior. ' : ''}Under the bars: median and 90 % interval.`
  );
}
