/** What the bound of a fit came to, network by network, in nats over all data. */

import type { SdeFit } from '../fit.ts';
import type { Terms } from '../trainer.ts';

export interface Bounds {
  /** [network] mean over the passes. */
  bounds: number[];
  /** The network with the largest bound. */
  shown: number;
  /** Of one pass of the one that is shown, and its parts. */
  bound_sd: number;
  terms: Terms;
}

export function bounds_of({ bound, tables, settings }: Pick<SdeFit, 'bound' | 'tables' | 'settings'>): Bounds {
  const { numbers } = tables;
  const of_terms = ({ likelihood, path, start, prior }: Terms) => numbers * (likelihood - path - start - prior);
  const bounds = Array.from({ length: settings.estimator.nets }, (_, net) =>
    mean_of(bound.map((pass) => of_terms(pass[net] as Terms))),
  );
  const shown = bounds.indexOf(Math.max(...bounds));
  const own = bound.map((pass) => pass[shown] as Terms);
  const mean = (name: keyof Terms) => numbers * mean_of(own.map((one) => one[name]));
  return {
    ...{ bounds, shown, bound_sd: deviation(own.map(of_terms)) },
    terms: { likelihood: mean('likelihood'), path: mean('path'), start: mean('start'), prior: mean('prior') },
  };
}

const mean_of = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;

function deviation(values: readonly number[]): number {
  const mean = mean_of(values);
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
}
