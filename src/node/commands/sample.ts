/** `langevin sample`: a model's posterior by HMC, NUTS or eHMC on many chains. */

import type { DrawsSummary } from '../../data/draws_summary.ts';
import { format_draws_table } from '../../data/draws_table.ts';
import { type Summary, write_summary } from '../../data/summary.ts';
import type { Model } from '../../model/types.ts';
import { UserError } from '../../model/user_error.ts';
import type { Progress } from '../../sample/options.ts';
import { run_sample } from '../../sample/sample.ts';
import type { Command, CommandContext } from '../command.ts';
import { print_dry_run } from '../dry_run.ts';
import { fingerprint, model_fingerprint } from '../fingerprint.ts';
import { refuse_shortage } from '../host_memory.ts';
import { type LoadedRows, load_data, load_rows } from '../load_data.ts';
import { load_model_option } from '../model_option.ts';
import { prepare_output } from '../output.ts';
import { format_prior_power } from '../prior_power.ts';
import { create_progress, create_time_left } from '../progress.ts';
import { default_folder } from '../run_options.ts';
import { densities_of_draws } from './sample_densities.ts';
import { sample_host_memory, sample_phases } from './sample_dry_run.ts';
import { particles_of, read_sample_options, sample_options } from './sample_options.ts';
import { sample_files } from './sample_output.ts';
import { type RunSource, sample_draws_summary, sample_summary } from './sample_summary.ts';

export const sample: Command = {
  usage: 'MODEL [--data y.csv] [--sampler KIND] [--chains C] [--draws N] … [--out DIR]',
  summary: 'samples a model’s posterior by NUTS, HMC, eHMC, ChEES-HMC or MALA on many chains',
  options: sample_options,
  interruptible: true,
  examples: [
    'eight-schools --data eight-schools',
    'regression.mjs --data y.csv --sampler ehmcu --chains 256',
    'funnel --target-acceptance 0.95 --metric unit --seed 7 --out runs/funnel',
    'regression.mjs --data part_3.csv --prior-power 1/8 --keep-gradients --out part_3/',
  ],
  run: (context) =>
    sample_and_write(context, ({ judged, summary, path }) => {
      process.stdout.write(
        context.options.flag('json')
          ? write_summary(summary)
          : `${format_draws_table(judged, summary)}\n${path}/report.html\n`,
      );
    }),
};

/** What a run has written, and what it says of it. */
export interface SampledRun {
  judged: DrawsSummary;
  summary: Summary;
  path: string;
}

/** All of the command but what it prints in the end, which `done` does. @param told options whose names of files go into the summary, where those that are read have others */
export async function sample_and_write(
  { options, args, signal, open_device, told = options }: CommandContext & { told?: CommandContext['options'] },
  done: (run: SampledRun) => void,
): Promise<number> {
  const started = performance.now();
  const model = await load_model_option(options);
  const chosen = read_sample_options(options, model);
  const name = options.text('data');
  const data =
    model.kind === 'log-density'
      ? { rows: load_rows(name, model) }
      : { series: load_data(name, model).columns, particles: particles_of(options, model.noise) };
  const settings = { ...chosen, data };
  const keep_gradients = options.flag('keep-gradients');
  const row_count = 'rows' in data ? data.rows.count : undefined;
  const command = ['langevin', 'sample', ...args];
  if (options.flag('dry-run')) {
    const device = await open_device(model, row_count);
    const phases = sample_phases(device, settings);
    return print_dry_run(options, device, model, command, phases, sample_host_memory(settings, keep_gradients));
  }
  refuse_shortage(sample_host_memory(settings, keep_gradients));
  const output = prepare_output(options.text('out') ?? default_folder(model.name));
  const progress = create_progress();
  try {
    const device = await open_device(model, row_count);
    const { chains, sampler } = settings;
    progress.show(
      `${model.name}: ${sampler}, ${chains} chains on ${device.adapter.name}${device.adapter.kind === 'software' ? ' (software)' : ''}${tempered(settings.prior_power)}`,
      true,
    );
    let phase = '';
    const time_left = create_time_left();
    const result = await run_sample(device, {
      ...settings,
      signal,
      on_progress(now) {
        const left = time_left(now.phase, now.done, now.of);
        progress.show(`${progress_line(now, started)}${left}`, now.phase !== phase);
        phase = now.phase;
      },
    });
    if (keep_gradients) progress.show('log densities and gradients of the draws', true);
    const densities = keep_gradients ? await densities_of_draws(device, settings, result.draws) : undefined;
    progress.show('judging the draws');
    const source = { ...source_of(told, model, data), keeps_gradients: keep_gradients };
    const input = { settings, result, command, adapter: device.adapter, started, source };
    const judged = sample_draws_summary(input);
    const summary = sample_summary(input, judged);
    output.commit(await sample_files(summary, judged, result.draws, densities));
    progress.end();
    done({ judged, summary, path: output.path });
    if (!result.interrupted) return 0;
    process.stderr.write('Stopped early; what is written counts the draws that were finished.\n');
    return 130;
  } catch (error) {
    progress.end();
    output.discard();
    if (!signal.aborted || !(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}\nNothing is written. The same command starts again from the beginning.\n`);
    return 130;
  }
}

const tempered = (power = 1) => (power === 1 ? '' : `, prior to the power ${format_prior_power(power)}`);

/** From what a later command can ask the same model about the same data. */
function source_of(
  options: CommandContext['options'],
  model: Model,
  data: { rows: LoadedRows } | { series: Record<string, Float64Array> },
): Omit<RunSource, 'keeps_gradients'> {
  const columns = 'rows' in data ? data.rows.columns : Object.keys(data.series);
  const values =
    'rows' in data ? data.rows.values : Float64Array.from(Object.values(data.series).flatMap((v) => Array.from(v)));
  const name = options.text('data');
  return {
    model: options.positionals[0] as string,
    fingerprint: model_fingerprint(model),
    priors: options.list('prior'),
    ...(name === undefined
      ? {}
      : { data: { name, rows: values.length / columns.length, fingerprint: fingerprint(columns, values) } }),
  };
}

function progress_line({ phase, done, of, step, acceptance }: Progress, started: number): string {
  const accepted = acceptance === undefined ? '' : `, acceptance ${acceptance.toFixed(2)}`;
  return `${phase} ${done} of ${of}, step ${step.toPrecision(3)}${accepted}, ${((performance.now() - started) / 1000).toFixed(0)} s`;
}
