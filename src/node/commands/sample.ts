/** `langevin sample`: a model's posterior by HMC, NUTS or eHMC on many chains. */

import { format_draws_table } from '../../data/draws_table.ts';
import { write_summary } from '../../data/summary.ts';
import { UserError } from '../../model/user_error.ts';
import type { Progress } from '../../sample/options.ts';
import { run_sample } from '../../sample/sample.ts';
import type { Command } from '../command.ts';
import { print_dry_run } from '../dry_run.ts';
import { refuse_shortage } from '../host_memory.ts';
import { load_data, load_rows } from '../load_data.ts';
import { load_model_option } from '../model_option.ts';
import { prepare_output } from '../output.ts';
import { create_progress, create_time_left } from '../progress.ts';
import { default_folder } from '../run_options.ts';
import { sample_host_memory, sample_phases } from './sample_dry_run.ts';
import { particles_of, read_sample_options, sample_options } from './sample_options.ts';
import { sample_files } from './sample_output.ts';
import { sample_draws_summary, sample_summary } from './sample_summary.ts';

export const sample: Command = {
  usage: 'MODEL [--data y.csv] [--sampler KIND] [--chains C] [--draws N] … [--out DIR]',
  summary: 'samples a model’s posterior by NUTS, HMC, eHMC, ChEES-HMC or MALA on many chains',
  options: sample_options,
  interruptible: true,
  examples: [
    'eight-schools --data eight-schools',
    'regression.mjs --data y.csv --sampler ehmcu --chains 256',
    'funnel --target-acceptance 0.95 --metric unit --seed 7 --out runs/funnel',
  ],
  async run({ options, args, signal, open_device }) {
    const started = performance.now();
    const model = await load_model_option(options);
    const chosen = read_sample_options(options, model);
    const name = options.text('data');
    const data =
      model.kind === 'log-density'
        ? { rows: load_rows(name, model) }
        : { series: load_data(name, model).columns, particles: particles_of(options, model.noise) };
    const settings = { ...chosen, data };
    const row_count = 'rows' in data ? data.rows.count : undefined;
    const command = ['langevin', 'sample', ...args];
    if (options.flag('dry-run')) {
      const device = await open_device(model, row_count);
      const phases = sample_phases(device, settings);
      return print_dry_run(options, device, model, command, phases, sample_host_memory(settings));
    }
    refuse_shortage(sample_host_memory(settings));
    const output = prepare_output(options.text('out') ?? default_folder(model.name));
    const progress = create_progress();
    try {
      const device = await open_device(model, row_count);
      const { chains, sampler } = settings;
      progress.show(
        `${model.name}: ${sampler}, ${chains} chains on ${device.adapter.name}${device.adapter.kind === 'software' ? ' (software)' : ''}`,
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
      progress.show('judging the draws');
      const input = { settings, result, command, adapter: device.adapter, started };
      const judged = sample_draws_summary(input);
      const summary = sample_summary(input, judged);
      output.commit(await sample_files(summary, judged, result.draws));
      progress.end();
      process.stdout.write(
        options.flag('json')
          ? write_summary(summary)
          : `${format_draws_table(judged, summary)}\n${output.path}/report.html\n`,
      );
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
  },
};

function progress_line({ phase, done, of, step, acceptance }: Progress, started: number): string {
  const accepted = acceptance === undefined ? '' : `, acceptance ${acceptance.toFixed(2)}`;
  return `${phase} ${done} of ${of}, step ${step.toPrecision(3)}${accepted}, ${((performance.now() - started) / 1000).toFixed(0)} s`;
}
