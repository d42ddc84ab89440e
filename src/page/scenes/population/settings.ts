/** What can be set of a population, and the run that it describes. */

import { geometric_ladder } from '../../../population/exchange/replica.ts';
import { type ExchangeRule, exchanges, type PopulationSpec } from '../../../population/spec.ts';
import { staleness_budget } from '../../../population/staleness.ts';
import { type Method, methods } from '../../../population/types.ts';
import type { Setting, Values } from '../../shell/settings.ts';
import { own_settings } from '../hmc/settings.ts';
import { targets } from './targets.ts';

const words: Readonly<Record<ExchangeRule, string>> = {
  none: 'none',
  permute: 'permute: particles change sides',
  'differential-evolution': 'differential evolution',
  replica: 'replica: temperatures are swapped',
  best: 'best: copies of the best particle',
};
const rules = exchanges.map((name) => [name, words[name]] as const);
/** Ranks have a colour each. */
const most_ranks = 6;

const batch: Setting = {
  ...{ kind: 'number', name: 'batch', label: 'Rows of a gradient', least: 0, most: 100_000, whole: true },
  ...{ fallback: 0, expert: true, help: '0: all; a batch needs log_likelihood, and not mala' },
};

const hottest: Setting = {
  ...{ kind: 'number', name: 'hottest', label: 'Hottest', least: 0.001, most: 0.999, fallback: 0.1 },
  ...{ expert: true, help: 'inverse temperature of the last rung' },
};

export function population_settings(kind: 'hardware' | 'software', values: Values): Setting[] {
  const software = kind === 'software';
  const has_ladder = (values.exchange ?? 'replica') === 'replica' || values.beside === 'replica';
  return [
    {
      ...{ kind: 'choice', name: 'target', label: 'Target', fallback: 'modes' },
      options: Object.entries(targets).map(([name, { label }]) => [name, label] as const),
    },
    ...(values.target === 'own' ? own_settings : []),
    { kind: 'choice', name: 'exchange', label: 'Exchange', options: rules, fallback: 'replica' },
    {
      ...{ kind: 'choice', name: 'beside', label: 'Beside it', fallback: 'best' },
      options: [['nothing', 'nothing'], ...rules],
    },
    {
      ...{ kind: 'number', name: 'ranks', label: 'Ranks', least: 1, most: most_ranks, whole: true },
      ...{ fallback: software ? 3 : 4, help: 'each a web worker with a GPU device of its own' },
    },
    {
      ...{ kind: 'number', name: 'pairs', label: 'Particle pairs of a rank', least: 1, most: 16384, whole: true },
      ...{ fallback: software ? 48 : 512, expert: true, help: 'one of a pair moves while the other can be met' },
    },
    {
      ...{ kind: 'choice', name: 'method', label: 'Method', fallback: 'mala', expert: true },
      options: methods.map((name) => [name, name] as const),
    },
    ...(values.target === 'own' ? [batch] : []),
    ...(has_ladder ? [hottest] : []),
    {
      ...{ kind: 'number', name: 'warmup', label: 'Warm-up', least: 20, most: 100_000, whole: true, expert: true },
      ...{ fallback: 1000, help: 'steps in which metric and step size are found' },
    },
    {
      ...{ kind: 'number', name: 'steps', label: 'Steps after it', least: 20, most: 1_000_000, whole: true },
      ...{ fallback: software ? 2000 : 6000, expert: true, option: 'draws' },
    },
    {
      ...{ kind: 'number', name: 'every', label: 'Steps between exchanges', least: 5, most: 10_000, whole: true },
      ...{ fallback: 10, expert: true },
    },
  ];
}

/** One draw of so many steps is kept, as far as that divides a segment. */
const thinning_of = (every: number) => (every % 5 === 0 ? 5 : 1);

/** As `langevin population` makes it of its options. */
export function spec_of(values: Values, exchange: ExchangeRule, seed: number): PopulationSpec {
  const number = (name: string) => values[name] as number;
  const [ranks, every] = [number('ranks'), number('every')];
  const segments_for = (steps: number) => 2 * Math.ceil(steps / every);
  const warm_up = segments_for(number('warmup'));
  return {
    ...{ id: exchange, seed, ranks, particles: 2 * number('pairs'), method: values.method as Method, exchange },
    ...{ batch: (values.batch as number | undefined) ?? 0, segment_steps: every, warm_up },
    segments: warm_up + segments_for(number('steps')),
    thinning: thinning_of(every),
    betas: exchange === 'replica' ? Array.from(geometric_ladder(number('hottest'), ranks)) : [],
    ...{ energy_rows: 0, friction: 0.1, known_noise: 0, learn_metric: true, budget: staleness_budget },
    ...{ decay: 0, decay_scale: 1000, delay: 0, prior_power: 1 },
  };
}

/** Words of `langevin population` behind the model. */
export function options_of(spec: PopulationSpec, values: Values): string[] {
  const { ranks, particles, method, batch, segment_steps, thinning, exchange, seed } = spec;
  const named: Record<string, string | number> = {
    ...{ ranks, particles, method, ...(batch > 0 ? { batch } : {}) },
    ...{ warmup: values.warmup as number, draws: values.steps as number, thin: thinning, every: segment_steps },
    ...{ exchange, ...(exchange === 'replica' ? { hottest: values.hottest as number } : {}), seed },
  };
  return Object.entries(named).flatMap(([name, value]) => [`--${name}`, String(value)]);
}
