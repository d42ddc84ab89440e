/** SMC² over the parameters of a state-space model, while its population closes in on the posterior: run_smc2, as `langevin smc2` runs it. */

import { parse_table } from '../../../data/csv.ts';
import type { DrawsFile } from '../../../data/draws_file.ts';
import type { DrawsSummary } from '../../../data/draws_summary.ts';
import { UserError } from '../../../model/user_error.ts';
import type { Smc2Checkpoint } from '../../../smc2/checkpoint.ts';
import { draw_from_prior } from '../../../smc2/initial.ts';
import type { Correction, Smc2Options, Smc2Result, ThetaProposal } from '../../../smc2/options.ts';
import { concatenated, recycled_weights } from '../../../smc2/recycle.ts';
import { run_smc2, smc2_key } from '../../../smc2/smc2.ts';
import { smc2_warnings } from '../../../smc2/warnings.ts';
import { aside } from '../../aside/aside.ts';
import { summarize_aside } from '../../aside/summarize.ts';
import { create_keeper } from '../../shell/keeper.ts';
import type { Scene, SceneResult } from '../../shell/scene.ts';
import { module_text } from '../own_text.ts';
import { own_model, own_source } from './own.ts';
import { create_panel } from './panel.ts';
import { type Problem, problems } from './problems.ts';
import { smc2_settings } from './settings.ts';

/** Milliseconds between looks at the states, which take a run of filters each. */
const between = 2500;

export const smc2_scene: Scene = {
  name: 'smc2',
  title: 'SMC² and particle filters',
  what: 'Parameters and states of a time series, learned together: each point is a parameter value with a whole particle filter behind it. They start as draws from the prior and close in as the likelihood is let in.',
  takes: 'a file',
  settings: smc2_settings,
  async run(place) {
    const { device, values, seed, turns, signal } = place;
    const problem = problems[values.model as string] as Problem;
    const model = problem.model?.() ?? (await own_model(device, values));
    const data = place.data
      ? parse_table(place.data.text, { path: place.data.name, columns: model.observation }).columns
      : problem.columns();
    const absent = model.observation.filter((name) => !(name in data));
    if (absent.length > 0)
      throw new UserError(`Drop a CSV with the columns ${model.observation.join(', ')} on the page.`);
    const names = model.scalars.map(({ name }) => name);
    const axis = (name: 'x' | 'y', n: number) =>
      problem.model ? names.indexOf(values[name] as string) : Math.min(n, names.length - 1);
    const options: Smc2Options = {
      ...{
        model,
        data,
        seed,
        signal,
        blend: 0,
        noise: 'fresh',
        l_kernel: 'forward',
        tempering: true,
        preconditioned: true,
      },
      thetas: values.thetas as number,
      particles: values.particles as number,
      iterations: values.iterations as number,
      proposal: values.proposal as ThetaProposal,
      correction: values.correction as Correction,
      filter_proposal: model.has_guided ? 'guided' : 'bootstrap',
    };
    const rows = data[model.observation[0] as string]?.length ?? 0;
    const panel = await create_panel({
      ...{ device, model, data, seed, thetas: options.thetas, particles: options.particles },
      shown: [axis('x', 0), axis('y', 1)],
      arrows: values.arrows as boolean,
      ancestors: values.ancestors as boolean,
      changed: place.changed,
    });
    place.when_left(panel.destroy);
    place.figures.append(panel.element, panel.beside);
    place.on_frame(panel.draw);
    const resumed = place.checkpoint as Smc2Checkpoint | undefined;
    const before = resumed?.iterations ?? [];
    panel.begin(
      resumed ? new Float32Array(resumed.population) : draw_from_prior(model, options.thetas, smc2_key(seed)),
      before,
    );
    const exact =
      model.name === 'lgssm'
        ? aside(signal, 'shown_posterior', data.y as Float64Array).then(panel.know_exactly)
        : undefined;
    // It is awaited at the end, which a run that fails does not come to.
    exact?.catch(() => {});
    const keep_now_and_then = create_keeper(place);
    let shown = 0;
    let moves = before.filter(({ phase }) => phase === 'posterior').length;
    const result = await run_smc2(device, {
      ...{ ...options, ...(resumed ? { resumed } : {}) },
      async on_iteration(iteration, view, checkpoint) {
        await panel.look(iteration, view);
        if (performance.now() - shown > between) {
          await panel.show_states();
          shown = performance.now();
        }
        if (iteration.phase === 'posterior') moves += 1;
        const steps = iteration.k * options.thetas * options.particles * rows;
        place.told({ unit: 'moves at the posterior', done: moves, of: options.iterations, steps });
        if (moves < options.iterations) await keep_now_and_then(checkpoint);
        await turns.take();
      },
    });
    await panel.show_states();
    await exact;
    place.changed();
    const files = {
      ...(place.data ? {} : problem.files?.()),
      ...(problem.model ? {} : { [`${model.name}.mjs`]: module_text(own_source(values)) }),
    };
    const path = problem.model ? model.name : `${model.name}.mjs`;
    return result_of(signal, { path, data: place.data?.name ?? problem.data, files }, options, result);
  },
};

interface Named {
  /** As the command line finds model and data. */
  path: string;
  data: string;
  files: Record<string, string>;
}

async function result_of(
  signal: AbortSignal,
  { path, data, files }: Named,
  options: Smc2Options,
  result: Smc2Result,
): Promise<SceneResult> {
  const { model, thetas, particles, iterations, proposal, correction, seed } = options;
  const command = [
    ...['smc2', path, '--data', data, '--thetas', String(thetas), '--particles', String(particles)],
    ...['--iterations', String(iterations), '--proposal', proposal, '--correction', correction, '--seed', String(seed)],
  ];
  const file = draws_of(
    model.scalars.map(({ name }) => name),
    result,
  );
  const facts = { langevin: 'page', command: ['langevin', ...command], files: [], cost: {} };
  const found = await summarize_aside(signal, file, facts);
  const warnings = smc2_warnings(options, result);
  // Errors from the families of the first population, not from the weights alone.
  const parameters: DrawsSummary['parameters'] = new Map(Object.entries(result.parameters));
  const { value, se } = result.log_evidence;
  const numbers: Record<string, number> = { log_evidence: value, 'log_evidence.se': se };
  for (const [name, p] of parameters) {
    Object.assign(numbers, { [`${name}.mean`]: p.mean, [`${name}.sd`]: p.sd, [`${name}.mcse`]: p.mcse });
  }
  return {
    ...{ command, model: model.name, warnings, numbers },
    draws: { file, judged: { ...found, parameters, warnings } },
    files,
  };
}

function draws_of(names: readonly string[], { records, coefficients }: Smc2Result): DrawsFile {
  const columns = names.map((_, i) => Float64Array.from(concatenated(records.map((r) => r.theta[i] as Float32Array))));
  return {
    ...{ chains: 1, draws: columns[0]?.length ?? 0, sampler: {}, warmup: 0 },
    parameters: new Map(names.map((name, i) => [name, [columns[i] as Float64Array]])),
    weights: [Float64Array.from(recycled_weights(records, coefficients))],
  };
}
