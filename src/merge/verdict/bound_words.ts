/** What is to be said of a merge that was not told of bounds. */

import { format_significant } from '../../data/format_number.ts';
import { column, type Points } from '../../diagnostics/points.ts';
import type { Wall } from '../shards/walls.ts';

/** Parameters that the model which was sampled bounds, as its run says. */
export interface KnownBounds {
  model: string;
  parameters: readonly string[];
}

/** @param known where a run says what was sampled @param walls where draws look like it @param merged in the columns that walls count */
export function bound_findings(known: KnownBounds | undefined, walls: readonly Wall[], merged: Points): string[] {
  const give = (model: string) =>
    `Give --model ${model}, to merge in coordinates without bounds${known === undefined ? '; leave it if the parameter has none' : ''}.`;
  const seen = walls.filter(({ parameter }) => !known?.parameters.includes(parameter));
  const beyond = walls.map(({ parameter, index, at }) => {
    const values = column(merged, index);
    const share = values.reduce((n, x) => n + Number(at === 0 ? x <= 0 : x >= 1), 0) / values.length;
    return share === 0
      ? []
      : [`${format_significant(100 * share, 2)} % of the merged draws of ${parameter} lie beyond ${at}`];
  });
  const lost = beyond.flat();
  const result = lost.length === 0 ? '' : `, and ${lost.join(', ')}`;
  if (known !== undefined && known.parameters.length > 0) {
    const more = seen.length === 0 ? '' : `, and ${words_of(seen)}`;
    return [
      `${list(known.parameters)} ${known.parameters.length === 1 ? 'has' : 'have'} bounds in the model ${known.model}${more}; without the model a merge does not know of them${result}. ${give(known.model)}`,
    ];
  }
  if (seen.length === 0) return [];
  return [
    `Draws look as if parameters had bounds: ${words_of(seen)}; without the model a merge does not know of them${result}. ${give('MODEL')}`,
  ];
}

function words_of(walls: readonly Wall[]): string {
  const of = (at: 0 | 1) => walls.filter((wall) => wall.at === at).map(({ parameter }) => parameter);
  return [
    ...(of(0).length > 0 ? [`${list(of(0))} ${of(0).length === 1 ? 'stands' : 'stand'} against 0`] : []),
    ...(of(1).length > 0 ? [`${list(of(1))} ${of(1).length === 1 ? 'stands' : 'stand'} against 1`] : []),
  ].join(', ');
}

/** Parameters named in one sentence. */
const NAMED = 4;
const list = (names: readonly string[]) =>
  names.length > NAMED ? `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more` : names.join(', ');
