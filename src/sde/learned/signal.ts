/** What a state means for the channels, in the data's units. */

import { evaluate_mlp } from '../../network/mlp_on_host.ts';
import type { LearnedSde } from './learned.ts';

/** [channel] mean of an observation at a state: of a normal or Student's t its center, of zeros and ones the probability, of counts the rate. */
export function signal_of({ model, layout, units, weights }: LearnedSde, state: ArrayLike<number>): Float64Array {
  const predicted = evaluate_mlp(layout.parts.decoder, weights, state);
  return Float64Array.from({ length: model.observed }, (_, c) => {
    const own = predicted[c] as number;
    if (model.likelihood === 'bernoulli') return 1 / (1 + Math.exp(-own));
    if (model.likelihood === 'poisson') return Math.exp(own);
    return (units.mean[c] as number) + (units.sd[c] as number) * own;
  });
}
