/**
 * Figures of arXiv 1810.04449 for German credit A, recomputed from its authors' result files (40 chains of 20 000 draws; batch_means.ts says how they count): step size, mean trajectory, smallest ESS of θ per
 * leapfrog step. Their step sizes come from Stan's adaptation with the wanted acceptance named.
 */

import type { Context } from '../subject.ts';
import { published_efficiency } from './batch_means.ts';
import type { Kind, Sampled, Setting } from './run.ts';
import { error_of_theta, estimator, type Score } from './score.ts';

export type PublishedKind = Exclude<Kind, 'chees' | 'hmc'>;

export interface PublishedRow {
  /** ESS of θ per gradient, smallest over the coordinates. */
  theta: number;
  mean_steps: number;
}

/** By metric, at the wanted acceptance that `settings` of run.ts pairs with it. */
export const published: Readonly<
  Record<Setting['metric'], { step: number; rows: Readonly<Record<PublishedKind, PublishedRow>> }>
> = {
  unit: {
    step: 0.059,
    rows: {
      nuts: { theta: 0.0544, mean_steps: 10.3 },
      ehmc: { theta: 0.1125, mean_steps: 6.3 },
      ehmcq: { theta: 0.0985, mean_steps: 5.4 },
      ehmcu: { theta: 0.0856, mean_steps: 3.6 },
    },
  },
  diagonal: {
    step: 0.372,
    rows: {
      nuts: { theta: 0.0696, mean_steps: 14.3 },
      ehmc: { theta: 0.1516, mean_steps: 9.7 },
      ehmcq: { theta: 0.1205, mean_steps: 7.1 },
      ehmcu: { theta: 0.1055, mean_steps: 5.4 },
    },
  },
};

/**
 * Smallest ESS of θ² per gradient with the unit metric at the published step, by an implementation apart from theirs and from this one (20 chains, Geyer's estimator). Whether it squares θ or θ − mean is not said: a float64
 * twin gives 0.033 and 0.083 (ehmc, ehmcu) for the latter, which is nearer, and 0.041 and 0.089 for the former. So it is a lower bound here, for θ − mean.
 */
export const square_at_published_step: Partial<Record<PublishedKind, number>> = {
  ehmc: 0.029,
  ehmcq: 0.044,
  ehmcu: 0.071,
};

export const is_published_kind = (kind: Kind): kind is PublishedKind => kind !== 'chees' && kind !== 'hmc';

export const published_words = ({ theta, mean_steps }: PublishedRow, step: number): string =>
  `published: step ${step}, ${mean_steps} steps, θ ${theta} per gradient`;

const nearness = 0.1;

/** A number beside what was published of it; a quick run only shows it. */
export function compare(
  context: Context,
  label: string,
  found: { value: number; standard_error?: number },
  reference: number,
  of = 'published',
) {
  const met = Math.abs(found.value / reference - 1) <= nearness;
  const verdict = context.quick ? {} : { wanted: `within ${100 * nearness} % of ${reference}, ${of}`, met };
  context.find({ label, ...found, ...verdict });
}

/** Both estimators: ours, by which all rows are ranked, and the published one, by which figures compare. */
export function compare_with_published(context: Context, label: string, run: Sampled, ess: Score, row: PublishedRow) {
  const { draws, evaluations } = run;
  const error = error_of_theta(draws);
  const ours = {
    value: ess.theta / evaluations.sampling,
    ...(error === undefined ? {} : { standard_error: error / evaluations.sampling }),
  };
  compare(context, `${label}: ESS of θ per gradient, smallest, by ${estimator}`, ours, row.theta);
  const theirs = published_efficiency(draws);
  if (theirs) compare(context, `${label}: the same by batch means per chain, as published`, theirs, row.theta);
}
