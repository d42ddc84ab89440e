/** `langevin population`: a population of particles on many ranks, which exchange without waiting for each other. */

import { format_draws_table } from '../../data/draws_table.ts';
import { write_summary } from '../../data/summary.ts';
import { to_text } from '../../engine/text.ts';
import { UserError } from '../../model/user_error.ts';
import { gather_draws } from '../../population/gather.ts';
import { finals_of, population_judgement } from '../../population/judgement.ts';
import { take_lead, watch_run } from '../../population/lead.ts';
import { find_anchor } from '../../population/mode.ts';
import { begin_run, close_run, forget_run, read_spec } from '../../population/run.ts';
import { keys, type PopulationSpec, run_key } from '../../population/spec.ts';
import type { Command } from '../command.ts';
import { engine_words, process_name, word_option } from '../engine/options.ts';
import { load_rows } from '../load_data.ts';
import { load_model_option } from '../model_option.ts';
import { prepare_output } from '../output.ts';
import { start_engine } from '../population/engine.ts';
import { start_local_ranks } from '../population/local_ranks.ts';
import { pack_payload } from '../population/payload.ts';
import { create_progress, create_time_left } from '../progress.ts';
import { default_folder } from '../run_options.ts';
import { version } from '../version.ts';
import { population_options, read_population_options } from './population_options.ts';
import { population_files, population_summary } from './population_output.ts';
import { begun_text, progress_text } from './population_text.ts';

export const population: Command = {
  usage: 'MODEL [--data y.csv] [--ranks R] [--method KIND] [--exchange RULE] … [--out DIR]',
  summary: 'samples by SGLD, SGHMC or MALA with many particles on many ranks, here or on other machines',
  options: population_options,
  interruptible: true,
  examples: [
    'regression.mjs --data y.csv --ranks 4 --batch 64 --control-variates',
    'bimodal.mjs --method mala --exchange replica --ranks 6 --hottest 0.05',
    'regression.mjs --data y.csv --ranks 8 --nats nats://127.0.0.1:4222',
  ],
  async run({ options, args, signal, open_device }) {
    const started = performance.now();
    const model = await load_model_option(options);
    if (model.kind === 'state-space')
      throw new UserError(
        `${model.name} is a state-space model, and populations are of log densities.\nUse langevin smc2 or sample.`,
      );
    const rows = load_rows(options.text('data'), model);
    const run_name = word_option(options, 'run');
    const chosen = read_population_options(options, model, rows.count);
    const path = options.text('out') ?? default_folder(model.name);
    const payload = await pack_payload(options.positionals[0] as string, options.list('prior'), rows);
    const output = prepare_output(path);
    const progress = create_progress();
    const engine = await start_engine(options, {
      path,
      resumes: options.flag('resume'),
      way_on: 'Go on with it by --resume',
    });
    // What goes wrong before a run is gone on with leaves it as it was.
    let keeps = options.flag('resume');
    try {
      const id = run_name ?? engine.default_run(model.name);
      const lead = await take_lead(engine, id, process_name());
      const device = await open_device(model, rows.count);
      const known = await read_spec(engine.store, id);
      if (known && !options.flag('resume'))
        throw new UserError(
          `There is a run ${id} already.\nGo on with it by --resume, or give this one another name, --run NAME.`,
        );
      const bare: PopulationSpec = { id, ...chosen };
      const time_left = create_time_left();
      const on_progress = (done: number, of: number) =>
        progress.show(
          `looking for the mode, step ${done} of ${of}${time_left('the search', done, of)}`,
          // In a log, that it has begun; of the rest a few lines.
          done === 1,
        );
      const looking = { model, rows, spec: bare, on_progress };
      const anchor = options.flag('control-variates')
        ? { anchor: known?.anchor ?? (await find_anchor(device, { ...looking, key: run_key(bare.seed) })) }
        : {};
      const spec: PopulationSpec = { ...bare, ...anchor };
      if (known && to_text(known) !== to_text(spec))
        throw new UserError(
          `The run ${id} was begun with other options.\nGo on with those, or begin another, --run NAME.`,
        );
      await begin_run(engine, spec, payload);
      const workers = options.whole('workers', engine.is_local ? spec.ranks : 0, 0, spec.ranks);
      const join = engine.is_local ? ['--folder', engine.folder] : engine_words(options);
      const local = start_local_ranks(
        Array.from({ length: workers }, (_, rank) => [
          ...join,
          '--once',
          ...(workers === spec.ranks ? ['--rank', String(rank)] : []),
        ]),
        (text) => progress.show(text, true),
      );
      progress.show(begun_text(spec, { model, workers, join }), true);
      try {
        const watched = await watch_run(engine, spec, {
          ...{ lead, signal },
          ...(workers > 0 && engine.is_local ? { ended: local.ended } : {}),
          on_look: (now) => progress.show(progress_text(spec, now, started)),
        });
        keeps = signal.aborted;
        // Ranks end their segment, so that the run can be gone on with.
        if (signal.aborted) {
          await engine.store.put(keys(id).stop, new Uint8Array([1]));
          await local.ended;
        } else {
          await close_run(engine.store, id);
          await local.settle();
        }
        progress.show('gathering the draws');
        const gathered = await gather_draws(engine.store, spec, { board: watched.board, model });
        if (gathered.draws < 4) throw new UserError('Too few draws were made to say anything of them.');
        const finals = await finals_of(engine.store, spec, watched);
        const input = { spec, model, gathered, finals, watched, command: ['langevin', 'population', ...args], version };
        const judged = population_judgement(input, signal.aborted);
        const summary = population_summary(input, judged, { adapter: device.adapter, started });
        output.commit(await population_files(summary, judged, input));
        progress.end();
        process.stdout.write(
          options.flag('json')
            ? write_summary(summary)
            : `${format_draws_table(judged, summary)}\n${output.path}/report.html\n`,
        );
        if (!keeps) await forget_run(engine.store, id);
      } finally {
        await local.stop();
        await lead.release().catch(() => {});
      }
      if (!signal.aborted) return 0;
      process.stderr.write('Stopped early; the same command with --resume goes on from there.\n');
      return 130;
    } catch (error) {
      progress.end();
      output.discard();
      if (signal.aborted && error instanceof UserError) {
        process.stderr.write(`${error.message}\nThe same command with --resume goes on from there.\n`);
        keeps = true;
        return 130;
      }
      throw error;
    } finally {
      await engine.end(keeps);
    }
  },
};
