/** Whether to trust the numbers: the theta population over SMC² iterations, and one particle filter over its steps. */
import type { Smc2Iteration, Summary } from '../summary.ts';
import type { FilterStep } from './input.ts';
import {
  type ChartOptions,
  chart,
  dots,
  escape_text,
  fix,
  line,
  pad_range,
  type Range,
  range_of,
  type Scale,
} from './svg.ts';

/** Lines that can still be told apart by colour. */
const COLOURS = 6;

/** Small panels over the iterations of SMC²: six, and one each for what newer summaries tell besides. */
export function population_panels(summary: Summary): string[] {
  const { smc2 } = summary;
  if (smc2 === undefined || smc2.iterations.length === 0) return [];
  const { iterations, thetas } = smc2;
  const k = iterations.map((iteration) => iteration.k);
  const base = { width: 330, height: 190, x: pad_range(range_of(k), 0.03), x_label: 'iteration', whole_x: true };
  const share: Range = [0, 1.04];
  const boundary = phase_boundary(iterations);
  const draw = (options: Omit<ChartOptions, keyof typeof base>, values: number[], kind = 'line now') =>
    chart(
      { ...base, ...options },
      (scale) => boundary(scale) + line(k, values, scale, kind) + small_dots(k, values, scale),
    );
  const steps = iterations.map((iteration) => iteration.step);
  const positive = steps.filter((step) => step > 0);
  const log_y = positive.length === steps.length && Math.max(...steps) > 30 * Math.min(...steps);
  const evidence = iterations.map((iteration) => iteration.log_evidence);
  const shares: [string, string, (i: Smc2Iteration) => number | undefined][] = [
    [
      'distinct parents / thetas',
      'Share of particles that had offspring at the resampling.',
      (i) => (i.distinct_parents === undefined ? undefined : i.distinct_parents / thetas),
    ],
    ['moves accepted', 'Part of the proposed moves that was accepted.', (i) => i.accepted],
    ['spread refreshed', 'One minus the squared correlation of old and new positions.', (i) => i.refreshed],
  ];
  const optional = shares.flatMap(([title, description, value]) => {
    const values = iterations.map(value);
    return values.every((x) => x !== undefined) ? [draw({ y: share, title, description }, values as number[])] : [];
  });
  return [
    chart(
      { ...base, y: share, title: 'ESS / thetas', description: 'Effective sample size over iterations.' },
      (scale) => {
        const values = iterations.map(({ ess }) => ess / thetas);
        const resampled = iterations.map(({ resampled: yes }, i) => (yes ? (values[i] ?? 0) : Number.NaN));
        return [
          boundary(scale),
          line(k, values, scale, 'line now'),
          small_dots(k, values, scale),
          dots(k, resampled, scale, 'knot later'),
        ].join('');
      },
    ),
    draw(
      { y: share, title: 'ancestors left / thetas', description: 'Share of first ancestors with descendants.' },
      iterations.map(({ distinct_ancestors }) => distinct_ancestors / thetas),
    ),
    draw(
      { y: share, title: 'likelihood power λ', description: 'Tempering of the likelihood over iterations.' },
      iterations.map(({ lambda }) => lambda),
    ),
    draw(
      {
        y: log_y ? [Math.min(...positive) / 1.3, Math.max(...positive) * 1.3] : [0, Math.max(1e-9, ...steps) * 1.08],
        log_y,
        title: 'proposal step size',
        description: 'Step size of the proposal over iterations.',
      },
      steps,
    ),
    spread_panel(summary, base, boundary),
    draw(
      { y: pad_range(range_of(evidence)), title: 'log evidence so far', description: 'Log evidence over iterations.' },
      evidence,
    ),
    ...optional,
  ];
}

function spread_panel(
  summary: Summary,
  base: Pick<ChartOptions, 'width' | 'height' | 'x' | 'x_label' | 'whole_x'>,
  boundary: (scale: Scale) => string,
): string {
  const iterations = summary.smc2?.iterations ?? [];
  const k = iterations.map((iteration) => iteration.k);
  const count = Math.max(0, ...iterations.map(({ spread }) => spread.length));
  const series = Array.from({ length: count }, (_, p) => iterations.map(({ spread }) => spread[p] ?? Number.NaN));
  const positive = series.flat().filter((value) => value > 0);
  const [low, high] = range_of([...positive, 1]);
  const log_y = high > 12 * low;
  const options: ChartOptions = {
    ...base,
    y: log_y ? [low / 1.15, high * 1.15] : [0, high * 1.06],
    log_y,
    title: 'spread of the population',
    description: 'Population standard deviation relative to the posterior, per parameter.',
  };
  return chart(options, (scale) => {
    const one = fix(scale.y(1));
    const reference = `<path class="rule" d="M0 ${one}H${fix(scale.width)}"/>`;
    const lines = series.map((values, p) =>
      line(k, values, scale, count <= COLOURS ? `line colour${p}` : 'line now faint'),
    );
    return boundary(scale) + reference + lines.join('');
  });
}

/** Names in the colours of the spread panel; empty where there are too many to tell apart. */
export function spread_legend(summary: Summary): string {
  const names = Object.keys(summary.parameters);
  if (names.length > COLOURS) return '';
  return names.map((name, p) => `<span class="key colour${p}">${escape_text(name)}</span>`).join(' ');
}

/** A rule where tempering ended and the posterior phase began. */
function phase_boundary(iterations: readonly Smc2Iteration[]): (scale: Scale) => string {
  const first = iterations.findIndex(({ phase }) => phase === 'posterior');
  if (first <= 0) return () => '';
  const at = ((iterations[first - 1]?.k ?? 0) + (iterations[first]?.k ?? 0)) / 2;
  return (scale) => `<path class="rule" d="M${fix(scale.x(at))} 0V${fix(scale.height)}"/>`;
}

/** Log-likelihood and effective sample size at every row of the data. */
export function step_panels(steps: readonly FilterStep[], particles: number, time: string): string[] {
  const t = steps.map((step) => step.t);
  const base = {
    width: 980,
    height: 190,
    x: pad_range(range_of(t), 0.012),
    x_label: time,
    whole_x: t.every(Number.isInteger),
  };
  const increments = steps.map((step) => step.log_likelihood);
  const shares = steps.map((step) => step.ess / particles);
  return [
    chart(
      {
        ...base,
        y: pad_range(range_of(increments)),
        title: 'log-likelihood of each row',
        description: 'Log-likelihood increments over time.',
      },
      (scale) => line(t, increments, scale, 'line now') + small_dots(t, increments, scale),
    ),
    chart(
      { ...base, y: [0, 1.04], title: 'ESS / particles', description: 'Effective sample size over time.' },
      (scale) => line(t, shares, scale, 'line now') + small_dots(t, shares, scale),
    ),
  ];
}

function small_dots(x: readonly number[], y: readonly number[], scale: Scale): string {
  return x.length <= 120 ? dots(x, y, scale, 'knot now') : '';
}
