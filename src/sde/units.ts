/** Units in which a latent SDE is learned: channels of mean 0 and sd 1, and the time in which a channel moves by as much as its sd, so that drifts are of size 1. */

import { UserError } from '../model/user_error.ts';
import type { Series } from './series.ts';

export interface Units {
  /** [channel] */
  mean: Float64Array;
  sd: Float64Array;
  /** Of the data's, one of the model's. */
  time: number;
}

/** @param names of the channels @param is_real whether values are real numbers; counts and zeros and ones stay as they are. Throws UserError for a channel of real numbers that never changes, and where none does. */
export function units_of(series: readonly Series[], names: readonly string[], is_real: boolean): Units {
  const observed = names.length;
  const moments = names.map((name, c) => {
    const values = series.flatMap(({ values }) => known(values, c, observed));
    if (values.length === 0) throw new UserError(`Column ${name} holds no number.`);
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
    // A pixel that is never lit is a fact like others; but something has to change.
    if (variance === 0 && is_real) {
      throw new UserError(`Column ${name} is ${mean} throughout: there is nothing to learn from it. Leave it out.`);
    }
    return { mean, variance };
  });
  const times = moments
    .flatMap(({ variance }, c) => (variance === 0 ? [] : [moving_time(series, c, observed, variance)]))
    .toSorted((a, b) => a - b);
  if (times.length === 0) throw new UserError('No column changes: there is nothing to learn from them.');
  return {
    mean: Float64Array.from(moments, ({ mean }) => (is_real ? mean : 0)),
    sd: Float64Array.from(moments, ({ variance }) => (is_real ? Math.sqrt(variance) : 1)),
    time: times[times.length >> 1] as number,
  };
}

export function to_units(series: readonly Series[], { mean, sd, time }: Units): Series[] {
  const observed = mean.length;
  return series.map(({ times, values }) => ({
    times: times.map((t) => t / time),
    values: values.map((v, i) => (v - (mean[i % observed] as number)) / (sd[i % observed] as number)),
  }));
}

function known(values: Float64Array, channel: number, observed: number): number[] {
  return Array.from({ length: values.length / observed }, (_, i) => values[i * observed + channel] as number).filter(
    (v) => !Number.isNaN(v),
  );
}

/** The time between two observations from which on they differ by the variance in mean square, half of what independent ones do. */
function moving_time(series: readonly Series[], channel: number, observed: number, variance: number): number {
  const longest = Math.max(...series.map(({ times }) => times.length));
  let last = 0;
  for (let lag = 1; lag < longest; lag = Math.ceil(1.25 * lag)) {
    let [square, apart, count] = [0, 0, 0];
    for (const { times, values } of series) {
      for (let i = 0; i + lag < times.length; i++) {
        const difference =
          (values[(i + lag) * observed + channel] as number) - (values[i * observed + channel] as number);
        if (Number.isNaN(difference)) continue;
        square += difference ** 2;
        apart += (times[i + lag] as number) - (times[i] as number);
        count++;
      }
    }
    if (count === 0) continue;
    last = apart / count;
    if (square / count >= variance) return last;
  }
  return last;
}
