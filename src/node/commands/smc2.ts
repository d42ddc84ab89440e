/** `langevin smc2`: the posterior of a model's parameters, then states and forecast under it. */

import { write_summary } from '../../data/summary.ts';
import { format_table } from '../../data/table.ts';
import { UserError } from '../../model/user_error.ts';
import type { Iteration } from '../../smc2/options.ts';
import { posterior_states } from '../../smc2/posterior_states.ts';
import { run_smc2 } from '../../smc2/smc2.ts';
import type { Command } from '../command.ts';
import { print_dry_run } from '../dry_run.ts';
import { load_data } from '../load_data.ts';
import { load_state_space_option } from '../model_option.ts';
import { prepare_output } from '../output.ts';
import { create_progress } from '../progress.ts';
import { default_folder } from '../run_options.ts';
import { smc2_phases } from './smc2_dry_run.ts';
import { read_smc2_options, smc2_options } from './smc2_options.ts';
import { smc2_files } from './smc2_output.ts';
import { smc2_summary } from './smc2_summary.ts';

export const smc2: Command = {
  usage: 'MODEL --data y.csv [--thetas M] [--particles N] [--proposal KIND] … [--out DIR]',
  summary: 'fits a state-space model by SMC²: posterior, evidence, states and forecast',
  options: smc2_options,
  interruptible: true,
  examples: [
    'sir --data influenza-1978',
    'lgssm --data y.csv --thetas 1024 --particles 500 --seed 7 --out runs/lgssm',
    'my_model.mjs --data y.csv --prior beta=lognormal:0,1 --forecast 14',
    'lgssm --data lgssm-500 --preset paper',
  ],
  async run({ options, args, signal, open_device }) {
    const started = performance.now();
    const model = await load_state_space_option(options, 'smc2');
    const data = load_data(options.text('data'), model);
    const settings = { ...read_smc2_options(options, model), data: data.columns };
    const forecast = options.whole('forecast', Math.min(30, Math.ceil(data.rows / 4)), 0, 100_000);
    const filters = Math.min(settings.thetas, 1024);
    const command = ['langevin', 'smc2', ...args];
    if (options.flag('dry-run')) {
      const device = await open_device(model);
      return print_dry_run(
        options,
        device,
        model,
        command,
        smc2_phases(device, settings, filters, forecast, data.rows),
      );
    }
    const output = prepare_output(options.text('out') ?? default_folder(model.name));
    const progress = create_progress();
    try {
      const device = await open_device(model);
      const size = `${settings.thetas} thetas × ${settings.particles} particles × ${data.rows} rows`;
      progress.show(
        `${model.name}: ${size} on ${device.adapter.name}${device.adapter.kind === 'software' ? ' (software)' : ''}`,
        true,
      );
      progress.show('first evaluation, at draws from the prior');
      let moves = 0;
      let phase = '';
      const result = await run_smc2(device, {
        ...settings,
        signal,
        on_iteration(i) {
          // The first line of each phase stays, so that a log shows when the posterior was reached.
          if (i.phase === 'posterior') moves += 1;
          const where = i.phase === 'tempering' ? tempering(i) : `posterior ${moves} of ${settings.iterations}`;
          progress.show(iteration_line(i, where, settings.thetas, started), i.phase !== phase);
          phase = i.phase;
        },
      });
      progress.show('states and forecast under the posterior');
      const trace = await posterior_states(
        device,
        {
          ...settings,
          counts: data.counts,
          filters,
          forecast,
        },
        result.records,
        result.coefficients,
      );
      progress.end();
      const summary = smc2_summary({ settings, result, command, adapter: device.adapter, started });
      summary.warnings.unshift(...data.warnings);
      output.commit(await smc2_files({ summary, settings, result, trace, data }));
      process.stdout.write(
        options.flag('json') ? write_summary(summary) : `${format_table(summary)}\n${output.path}/report.html\n`,
      );
      if (!result.interrupted) return 0;
      process.stderr.write(
        `Stopped after ${result.records.length} of ${settings.iterations} posterior moves; what is written counts those.\n` +
          'The same command with the same --seed repeats them and goes on.\n',
      );
      return 130;
    } catch (error) {
      progress.end();
      output.discard();
      if (!signal.aborted || !(error instanceof UserError)) throw error;
      // Interrupted while there was nothing to keep.
      process.stderr.write(`${error.message}\nNothing is written. The same command starts again from the beginning.\n`);
      return 130;
    }
  },
};

const tempering = (i: Iteration) => `tempering, lambda ${i.lambda.toPrecision(2)}`;

function iteration_line(i: Iteration, where: string, thetas: number, started: number): string {
  const percent = (x: number) => `${Math.round(100 * x)} %`;
  return (
    `${i.k}: ${where}, ESS ${percent(Math.min(i.ess, i.tempered_ess) / thetas)}, distinct ${percent(i.distinct / thetas)}, families ${i.families}, ` +
    `step ${i.step.toPrecision(2)}, accepted ${percent(i.accepted)}, log-evidence ${i.log_evidence.toFixed(2)}, ${((performance.now() - started) / 1000).toFixed(0)} s`
  );
}
