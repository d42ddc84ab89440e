/** `langevin filter`: log-likelihood, gradient, states, predictions and forecast at given parameters. */

import { max_tangent_width } from '../../autodiff/tangent.ts';
import { write_report } from '../../data/report.ts';
import { filter_steps, observation_series, state_series } from '../../data/state_series.ts';
import { write_summary } from '../../data/summary.ts';
import { format_table } from '../../data/table.ts';
import { most_particles, type Proposal } from '../../filter/bank.ts';
import { most_grid_particles } from '../../filter/grid.ts';
import { create_shared_noise } from '../../filter/shared_noise.ts';
import { trace_filters } from '../../filter/trace.ts';
import { UserError } from '../../model/user_error.ts';
import { site, words_at } from '../../random/threefry.ts';
import { bank_phase, predict_phases } from '../bank_phase.ts';
import type { Command } from '../command.ts';
import { print_dry_run } from '../dry_run.ts';
import { load_data } from '../load_data.ts';
import { load_state_space_option } from '../model_option.ts';
import { prepare_output } from '../output.ts';
import { create_progress } from '../progress.ts';
import { blend_of, default_folder, run_options, seed_of, shape_of } from '../run_options.ts';
import { series_csv } from '../series_csv.ts';
import { parse_settings } from '../settings.ts';
import { filter_summary } from './filter_summary.ts';

/** Second key word of a filter's random numbers. */
const filter_run = 2;

/** Filters by default where each is large: enough for an idea of the spread, within memory and time. */
const few_filters = 4;

export const filter: Command = {
  usage:
    'MODEL --data y.csv --set a=1 … [--particles N] [--filters R] [--gradient ESTIMATOR] [--forecast H] [--out DIR]',
  summary: 'runs particle filters at given parameters: log-likelihood, gradient, states, forecast',
  options: {
    set: { kind: 'list', value: 'NAME=X', help: 'a parameter’s value; all are needed' },
    particles: { kind: 'text', value: 'N', help: `particles per filter, up to ${most_grid_particles} (default 1000)` },
    filters: {
      kind: 'text',
      value: 'R',
      help: `independent filters, whose spread gives the errors (default 32; ${few_filters} above ${most_particles} particles)`,
    },
    proposal: { kind: 'text', value: 'KIND', help: 'bootstrap or guided (default: guided where the model has it)' },
    resample: { kind: 'text', value: 'F', help: 'resample when ESS < F·N (default 0.5); 1: at every step' },
    ...run_options,
  },
  examples: [
    'lgssm --data lgssm-100 --set mu=0.75 --set phi=1 --set sigma=1',
    'sir --data influenza-1978 --set beta=1.7 --set gamma=0.5 --set phi_inverse=0.1 --forecast 7',
    'lgssm --data lgssm-100 --set mu=0.75 --set phi=1 --set sigma=1 --particles 1000000 --dry-run',
  ],
  async run({ options, args, open_device }) {
    const started = performance.now();
    const model = await load_state_space_option(options, 'filter');
    const data = load_data(options.text('data'), model);
    const theta = parse_settings(options.list('set'), model);
    const particles = options.whole('particles', 1000, 1, most_grid_particles);
    const filters = options.whole('filters', particles > most_particles ? few_filters : 32, 1, 65536);
    const seed = seed_of(options);
    const blend = blend_of(options, 'carried');
    if (blend !== undefined && model.scalars.length > max_tangent_width) {
      throw new UserError(
        `The model has ${model.scalars.length} parameters, and gradients carry at most ${max_tangent_width}.\nAdd --gradient none.`,
      );
    }
    const resample = options.number('resample') ?? 0.5;
    if (!(resample >= 0 && resample <= 1)) throw new UserError(`--resample must be from 0 to 1, not ${resample}.`);
    const forecast = options.whole('forecast', 0, 0, 100_000);
    const noise_kind = options.choice('noise', 'fresh', ['fresh', 'shared']);
    const proposal = options.choice<Proposal>('proposal', model.has_guided ? 'guided' : 'bootstrap', [
      'bootstrap',
      'guided',
    ]);
    const draws = Math.min(particles, Math.max(1, Math.ceil(1024 / filters)));
    const command = ['langevin', 'filter', ...args];
    const bank = {
      model,
      data: data.columns,
      particles,
      filters,
      gradient: blend !== undefined,
      ...(blend !== undefined ? { blend } : {}),
      proposal,
      resample_below: resample,
      ...shape_of(options),
    };
    if (options.flag('dry-run')) {
      const device = await open_device(model);
      return print_dry_run(options, device, model, command, [
        bank_phase(device, 'filters', { ...bank, trace: { draws } }, noise_kind === 'shared'),
        ...predict_phases(model, data.rows, forecast, filters * draws),
      ]);
    }
    const output = prepare_output(options.text('out') ?? default_folder(model.name));
    const progress = create_progress();
    try {
      const device = await open_device(model);
      const keys = filter_keys(seed, filters, noise_kind === 'shared');
      progress.show(
        `${model.name}: ${filters} filters × ${particles} particles × ${data.rows} rows on ${device.adapter.name}`,
      );
      const shared =
        noise_kind === 'shared'
          ? await create_shared_noise(device, model, data.columns, particles, [keys[0] as number, keys[1] as number])
          : undefined;
      const trace = await trace_filters(device, {
        ...bank,
        ...(shared ? { shared_noise: shared } : {}),
        theta: Float32Array.from(theta.flatMap((x) => new Array<number>(filters).fill(x))),
        keys,
        draws,
        forecast,
        counts: data.counts,
      });
      if (shared) device.buffers.give(shared);
      progress.end();
      const dead = trace.died.filter((step) => step > 0);
      if (dead.length === filters) {
        const step = Math.max(...dead);
        throw new UserError(
          `Every likelihood is zero at these parameters: no particle can explain time step ${step}.\n${trace.faults > 0 ? 'The model gave NaN or infinity on the way: look at its arithmetic at these parameters.' : "Check that row, the parameters, and the model's log_observation."}`,
        );
      }
      const settings = { particles, proposal, noise: noise_kind, gradient: blend ?? 'none', seed } as const;
      const summary = filter_summary({ model, theta, settings, trace, command, adapter: device.adapter, started });
      summary.warnings.unshift(...data.warnings);
      const states = state_series(model, trace);
      const observations = observation_series(model, data.columns, trace);
      const steps = filter_steps(trace);
      output.commit({
        'summary.json': write_summary(summary),
        'states.csv': series_csv(states, observations, steps),
        'report.html': write_report({ summary, data: data.name, states, observations, steps: { particles, steps } }),
      });
      process.stdout.write(
        options.flag('json') ? write_summary(summary) : `${format_table(summary)}\n${output.path}/report.html\n`,
      );
      return 0;
    } catch (error) {
      progress.end();
      output.discard();
      throw error;
    }
  },
};

/** [filters] pairs. Filters that share their noise share the key, too: then they differ in nothing. */
function filter_keys(seed: number, filters: number, shared: boolean): Uint32Array<ArrayBuffer> {
  const keys = new Uint32Array(2 * filters);
  for (let f = 0; f < filters; f++) keys.set(words_at([seed, filter_run], site.filter_key, 0, shared ? 0 : f), 2 * f);
  return keys;
}
