/** `langevin sde`: a stochastic differential equation learned from series of observations. */

import { write_summary } from '../../data/summary.ts';
import { UserError } from '../../model/user_error.ts';
import { fit_sde, plan_fit } from '../../sde/fit.ts';
import type { Terms } from '../../sde/trainer.ts';
import type { Command } from '../command.ts';
import { prepare_output } from '../output.ts';
import { create_progress, create_time_left } from '../progress.ts';
import { default_folder } from '../run_options.ts';
import { load_sde_inputs } from './sde_inputs.ts';
import { read_sde_options, sde_options } from './sde_options.ts';
import { sde_files } from './sde_output.ts';
import { sde_result } from './sde_result.ts';
import { sde_summary } from './sde_summary.ts';
import { format_sde } from './sde_text.ts';

export const sde: Command = {
  usage: '--data y.csv | --example NAME [--config FILE] [--out DIR]',
  summary: 'learns a stochastic differential equation from series, with a bound on their evidence',
  options: sde_options,
  interruptible: true,
  examples: [
    '--example lorenz',
    '--data y.csv --hold-out 0.2 --networks 4 --out runs/y',
    '--data patients.csv --time day --series patient --config settings.json --forecast 30',
    '--resume runs/y --steps 20000',
  ],
  async run({ options, args, signal, open_device }) {
    const started = performance.now();
    const asked = await read_sde_options(options);
    const inputs = load_sde_inputs(options, asked);
    const { file, resumed } = inputs;
    const names = { series: file.names, channels: file.channels };
    plan_fit(inputs.kept, { config: inputs.config, names });
    const output = prepare_output(options.text('out') ?? asked.resume ?? default_folder(inputs.name));
    const progress = create_progress();
    try {
      const device = await open_device();
      progress.show(
        `${inputs.name} on ${device.adapter.name}${device.adapter.kind === 'software' ? ' (software)' : ''}`,
        true,
      );
      const time_left = create_time_left();
      let trained = 0;
      const fit = await fit_sde(device, inputs.kept, {
        ...{ config: inputs.config, key: [inputs.seed, 0], signal },
        names,
        ...(resumed === undefined ? {} : { resumed: { steps: resumed.model.steps, numbers: resumed.numbers } }),
        on_start(steps, of) {
          trained = performance.now();
          progress.show(steps === 0 ? `${of} steps` : `from step ${steps} to ${of}`, true);
        },
        on_progress(done, of, terms) {
          progress.show(`step ${done} of ${of}, ${terms_text(terms)}${time_left('training', done, of)}`);
        },
      });
      const training_seconds = (performance.now() - trained) / 1000 + (resumed?.model.training_seconds ?? 0);
      if (fit.steps === 0) throw new UserError('No step of the training was finished.');
      const result = await sde_result(device, fit, inputs, asked, (line) => progress.show(line, true));
      const run = { command: ['langevin', 'sde', ...args], adapter: device.adapter, started, training_seconds };
      const summary = sde_summary(inputs, result, run);
      output.commit(await sde_files(inputs, result, summary));
      fit.trainer.destroy();
      progress.end();
      process.stdout.write(options.flag('json') ? write_summary(summary) : format_sde(summary, output.path));
      if (fit.steps >= fit.settings.schedule.steps) return 0;
      process.stderr.write(
        `Stopped after ${fit.steps} of ${fit.settings.schedule.steps} steps. To go on: langevin sde --resume ${output.path}\n`,
      );
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

function terms_text(terms: readonly Terms[]): string {
  const bounds = terms.map(({ likelihood, path, start, prior }) => (likelihood - path - start - prior).toFixed(3));
  return `bound ${bounds.slice(0, 4).join(', ')} a number`;
}
