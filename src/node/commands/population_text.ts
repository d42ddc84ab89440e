/** What `langevin population` says while it runs. */

import type { LogDensityModel } from '../../model/types.ts';
import type { Watched } from '../../population/lead.ts';
import type { PopulationSpec } from '../../population/spec.ts';
import { shell_words } from '../origin.ts';

export function begun_text(
  spec: PopulationSpec,
  { model, workers, join }: { model: LogDensityModel; workers: number; join: readonly string[] },
): string {
  const what = `${model.name}: ${spec.method}, ${spec.ranks} rank${spec.ranks === 1 ? '' : 's'} of ${spec.particles} particles, exchange ${spec.exchange}`;
  if (workers === spec.ranks) return what;
  return `${what}\nThe run ${spec.id} waits for ranks. On any machine:\nlangevin worker ${shell_words(join)}`;
}

export function progress_text(spec: PopulationSpec, { board, news }: Watched, started: number): string {
  const done = board.seats.map(({ segments }) => segments);
  const least = Math.min(...done);
  const phase = least < spec.warm_up ? 'warm-up' : 'sampling';
  const [first, of] = phase === 'warm-up' ? [0, spec.warm_up] : [spec.warm_up, spec.segments - spec.warm_up];
  const spread = Math.max(...done) - least;
  const rate = news.reduce((sum, told) => sum + (told ? told.updates / told.seconds : 0), 0);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  return [
    `${phase} ${least - first} of ${of} segments`,
    ...(spread > 1 ? [`fastest rank ${spread} ahead`] : []),
    ...(rate > 0 ? [`${rate.toPrecision(3)} particle-updates/s`] : []),
    `${seconds} s`,
  ].join(', ');
}
