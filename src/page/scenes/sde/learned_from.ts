/** What the scene learns from: an example, or a person's own CSV, read and checked as `langevin sde --data` does. */

import { read_series } from '../../../data/read_series.ts';
import { UserError } from '../../../model/user_error.ts';
import { check_series } from '../../../sde/check_series.ts';
import type { Simulated } from '../../../sde/examples/example.ts';
import { withhold } from '../../../sde/hold_out.ts';
import type { Series } from '../../../sde/series.ts';
import type { ScenePlace } from '../../shell/scene.ts';
import type { Values } from '../../shell/settings.ts';
import { type ShownExample, shown_examples } from './examples.ts';

export interface LearnedFrom {
  shown: ShownExample;
  /** The series that is shown, with what is true of it where that is known. */
  simulated: Simulated;
  /** To learn from. */
  kept: Series[];
  /** As messages call them. */
  names: string[];
}

/** Throws UserError that names file, row and column. */
export function learned_from({ data, values, seed }: Pick<ScenePlace, 'data' | 'values' | 'seed'>): LearnedFrom {
  if (data) return own_series(data, values);
  const shown = shown_examples[values.example as string] as ShownExample;
  const { example } = shown;
  const simulated = example.simulate([seed, 1]);
  const { kept } = withhold(simulated.series, example.hold_out ?? 0, example.channels.length);
  return { shown, simulated, kept: [kept], names: [example.name] };
}

/** Options that say which columns are what, as far as they are given. */
export const column_words = ({ time, series, channels }: Values): string[] =>
  Object.entries({ time, series, channels }).flatMap(([name, text]) =>
    is_given(text) ? [`--${name}`, String(text).trim()] : [],
  );

const is_given = (text: Values[string] | undefined) => String(text ?? '').trim() !== '';

/** Observations along the stretch that is drawn, and of it the part whose components are drawn one by one. */
const [most_along, most_near] = [2000, 400];
/** Of the stretch, how long paths of what was learned go on. */
const ahead = 0.2;

function own_series({ name, text }: NonNullable<ScenePlace['data']>, values: Values): LearnedFrom {
  const [time, series, channels] = ['time', 'series', 'channels'].map((option) =>
    is_given(values[option]) ? String(values[option]).trim() : undefined,
  );
  const file = read_series(text, name, {
    ...(time === undefined ? {} : { time }),
    ...(series === undefined ? {} : { series }),
    ...(channels === undefined ? {} : { channels: channels.split(',').map((one) => one.trim()) }),
  });
  check_series(file.series, file.names, file.channels.length);
  const [first] = file.series;
  // Refused above.
  if (!first) throw new UserError(`${name} has no row.`);
  const { times } = first;
  const begin = times[0] as number;
  const until = (count: number) => (times[Math.min(count, times.length) - 1] as number) - begin;
  const stretch = until(most_along);
  const is_whole = times.length <= most_along;
  return {
    shown: {
      example: {
        ...{ name: file.names[0] as string, what: 'own data', time: file.time, channels: file.channels, config: {} },
        simulate: () => ({ series: first }),
      },
      ...{ label: file.names[0] as string, stretch, near: until(most_near) },
      ...(is_whole
        ? { behind: ahead * stretch, rollouts: { from: 'end', over: ahead * stretch } }
        : { rollouts: { from: 'begin', over: ahead * stretch } }),
    },
    simulated: { series: first },
    kept: file.series,
    names: file.names,
  };
}
