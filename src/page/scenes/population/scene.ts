/** Populations by rank, one rule of exchange beside another: run_rank in web workers, as `langevin population` runs it in processes. */

import type { Broker } from '../../../engine/broker/broker.ts';
import { start_port_broker } from '../../../engine/ports.ts';
import { pack_rows } from '../../../model/pack_rows.ts';
import type { LogDensityModel, LogDensitySource } from '../../../model/types.ts';
import { UserError } from '../../../model/user_error.ts';
import { validate_model } from '../../../model/validate.ts';
import { type Board, tick_of } from '../../../population/exchange/board.ts';
import { gather_draws } from '../../../population/gather.ts';
import { draws_of, finals_of, population_judgement } from '../../../population/judgement.ts';
import { watch_run } from '../../../population/lead.ts';
import { close_run } from '../../../population/run.ts';
import type { ExchangeRule, PopulationSpec } from '../../../population/spec.ts';
import { page_words } from '../../shell/page_words.ts';
import type { Scene, SceneProgress } from '../../shell/scene.ts';
import { own_model, own_rows, own_source } from '../hmc/own.ts';
import { create_run } from './create_run.ts';
import { pack_payload } from './payload.ts';
import { start_ranks } from './ranks.ts';
import { command_of, result_of } from './result.ts';
import { population_settings, spec_of } from './settings.ts';
import { type PopulationTarget, plain_quantities, targets } from './targets.ts';

export const population_scene: Scene = {
  name: 'population',
  title: 'Populations',
  what: 'Ranks of particles, each in a web worker with a device of its own, exchange without waiting for each other. Colours are ranks; under replica, pale points are at higher temperatures.',
  takes: 'a file',
  settings: population_settings,
  async run(place) {
    const { device, values, seed, signal, turns } = place;
    const settings = population_settings(device.adapter.kind, values);
    const known = targets[values.target as string] as PopulationTarget;
    const own = known.source === undefined;
    const source: LogDensitySource = known.source ?? own_source(values);
    const model = own ? await own_model(device, values) : (validate_model(source) as LogDensityModel);
    if (model.scalars.length < 2) throw new UserError('Give at least two parameters: a plane is shown.');
    const names = model.scalars.map(({ name }) => name);
    const target = own ? { ...known, quantities: plain_quantities(names) } : known;
    const rows = own ? own_rows(model, place.data) : pack_rows(model, {});
    const payload = pack_payload(source, rows);
    const rules = [values.exchange, values.beside].filter((name) => name !== 'nothing') as ExchangeRule[];
    const specs = rules.map((rule) => spec_of(values, rule, seed));
    for (const spec of specs) check_batch(spec, model);
    // What ranks store for each other is what they go on from when the GPU is lost.
    const brokers = (place.checkpoint as Broker[] | undefined) ?? specs.map(() => start_port_broker());
    const runs = await Promise.all(
      specs.map((spec, n) => create_run(place, { spec, model, target, payload, broker: brokers[n] as Broker })),
    );
    place.keep(brokers);
    place.figures.append(...runs.map(({ panel }) => panel.element));
    place.on_frame(() => {
      for (const { panel } of runs) panel.draw();
    });
    place.when_left(() => {
      for (const { panel } of runs) panel.destroy();
    });
    const ranks = start_ranks(values.ranks as number, brokers, async (of) => {
      // What is shown keeps pace with what is drawn.
      await runs[of]?.feed.caught_up();
      await turns.take();
    });
    try {
      const found = await Promise.all(
        runs.map(async ({ engine, spec, lead, panel, feed }, n) => {
          const watched = await watch_run(engine, spec, {
            ...{ lead, signal, ended: ranks.ended.catch(() => {}) },
            on_look({ board }) {
              if (n === 0) place.told({ ...progress_of(board, spec), elsewhere: ranks.uses });
            },
          });
          signal.throwIfAborted();
          await close_run(engine.store, spec.id);
          await feed.caught_up();
          const gathered = await gather_draws(engine.store, spec, { board: watched.board, model });
          const finals = await finals_of(engine.store, spec, watched);
          const command = command_of(spec, { place, target, model });
          const judged = population_judgement(
            { spec, model, gathered, finals, watched, command: ['langevin', ...command], version: 'page' },
            false,
          );
          const draws = draws_of(gathered);
          // What is doubted of the first is said of the run as a whole.
          const warnings = n === 0 ? [] : judged.warnings.map((text) => page_words(text, settings));
          const estimates = panel.judge(draws, warnings);
          place.changed();
          return { spec, command, draws, judged, estimates };
        }),
      );
      return result_of(found, { model, target, source, data: place.data });
    } finally {
      await ranks.stop();
      for (const run of runs) await run.end();
    }
  },
};

/** Under replica exchange a rank that is done goes on until all are. */
const progress_of = (board: Board, { segments, ranks, segment_steps, particles }: PopulationSpec): SceneProgress => ({
  unit: 'segments',
  done: board.seats.reduce((sum, seat) => sum + Math.min(seat.segments, segments), 0),
  of: ranks * segments,
  steps: (tick_of(board) * segment_steps * particles) / 2,
});

/** As the command line refuses it. */
function check_batch({ batch, method }: PopulationSpec, model: LogDensityModel): void {
  if (batch === 0) return;
  if (method === 'mala')
    throw new UserError('Rows of a gradient: mala accepts by the whole density, so it needs all rows. Choose sgld.');
  if (model.entry === 'log_density')
    throw new UserError('Rows of a gradient: this model has no likelihood by rows of which a batch could be taken.');
}
