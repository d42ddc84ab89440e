/** The HMC family on targets that are hard on purpose, one sampler beside another: run_sample, as `langevin sample` runs it. */

import { type DrawsSummary, spent } from '../../../data/draws_summary.ts';
import { draws_warnings } from '../../../data/draws_warnings.ts';
import type { ChainStatistics } from '../../../diagnostics/chain_statistics.ts';
import { type PackedRows, pack_rows } from '../../../model/pack_rows.ts';
import type { LogDensityModel } from '../../../model/types.ts';
import { UserError } from '../../../model/user_error.ts';
import { validate_model } from '../../../model/validate.ts';
import type { SampleCheckpoint } from '../../../sample/checkpoint.ts';
import type { MetricKind } from '../../../sample/metric.ts';
import type { SampleOptions, SampleResult, SamplerKind } from '../../../sample/options.ts';
import { run_sample } from '../../../sample/sample.ts';
import { summarize_aside } from '../../aside/summarize.ts';
import { create_keeper } from '../../shell/keeper.ts';
import type { Scene, ScenePlace, SceneResult } from '../../shell/scene.ts';
import { module_text } from '../own_text.ts';
import { own_model, own_rows, own_source, unread_words } from './own.ts';
import { create_panel, type Panel } from './panel.ts';
import { hmc_settings } from './settings.ts';
import { type ShownTarget, targets } from './targets.ts';

export const hmc_scene: Scene = {
  name: 'hmc',
  title: 'HMC, NUTS, eHMC',
  what: 'Hundreds of chains at once on targets that are hard on purpose. Points are chains, lines hold 20, 50, 80, 95 and 99 % of the exact density.',
  takes: 'a file',
  settings: hmc_settings,
  async run(place) {
    const { values, turns } = place;
    const target = targets[values.target as string] as ShownTarget;
    const own = target.source === undefined;
    const model = own ? await own_model(place.device, values) : (validate_model(target.source) as LogDensityModel);
    if (model.scalars.length < 2) throw new UserError('Give at least two parameters: a plane is shown.');
    const rows = own ? own_rows(model, place.data) : pack_rows(model, {});
    const beside = values.beside as SamplerKind | 'none';
    const kinds = [values.sampler as SamplerKind, ...(beside === 'none' ? [] : [beside])];
    const panels = await Promise.all(
      kinds.map((sampler) =>
        create_panel({
          ...{ device: place.device, model, target, title: sampler, chains: values.chains as number },
          ...{ trajectories: values.trajectories as boolean, changed: place.changed },
        }),
      ),
    );
    place.figures.append(...panels.map((panel) => panel.element));
    place.on_frame(() => {
      for (const panel of panels) panel.draw();
    });
    let steps = 0;
    /** By sampler; one of which there is nothing begins from the seed. */
    const kept = (place.checkpoint ?? []) as readonly (SampleCheckpoint | undefined)[];
    const keep_of = create_keepers(place, kept);
    // One that fails ends the other.
    const stop = new AbortController();
    const signal = AbortSignal.any([place.signal, stop.signal]);
    try {
      const results = await Promise.all(
        kinds.map(async (sampler, n) => {
          const panel = panels[n] as Panel;
          const options = sample_options({ ...place, signal }, model, rows, sampler);
          const result = await run_sample(place.device, {
            ...options,
            ...(kept[n] ? { resumed: kept[n] } : {}),
            onlooker: {
              // Of which a good part is the browser's own, before it says that the device is done.
              wanted_ms: place.device.adapter.kind === 'software' ? 80 : 25,
              block: 16,
              most_steps: () => (turns.is_fine ? 1 : 100_000),
              async on_turn(view) {
                await panel.look(view, turns.is_fine);
                await turns.take();
              },
              on_place: keep_of(n),
            },
            on_progress(progress) {
              panel.told(progress);
              if (n > 0 || progress.phase !== 'sampling') return;
              steps = progress.done * options.chains;
              place.told({ unit: 'draws of a chain', done: progress.done, of: progress.of, steps });
            },
          });
          const command = command_of(place, target, options);
          const summary = await summarize_aside(signal, result.draws, facts_of(command, result));
          // Of chains, a summary has all of them.
          panel.judge(result.draws, (name) => summary.parameters.get(name) as ChainStatistics);
          place.changed();
          return { options, result, command, summary };
        }),
      );
      return result_of(place, target, results[0] as Sampled);
    } finally {
      stop.abort();
      place.when_left(() => {
        for (const panel of panels) panel.destroy();
      });
    }
  },
};

/** Each keeps its own; all go on together. */
function create_keepers(place: ScenePlace, before: readonly (SampleCheckpoint | undefined)[]) {
  const kept: unknown[] = [...before];
  return (n: number) =>
    create_keeper({
      keep(checkpoint) {
        kept[n] = checkpoint;
        place.keep([...kept]);
      },
    });
}

function sample_options(
  { values, seed, signal }: ScenePlace,
  model: LogDensityModel,
  rows: PackedRows,
  sampler: SamplerKind,
): SampleOptions {
  const is_first = sampler === values.sampler;
  return {
    ...{ model, data: { rows }, sampler, seed, signal },
    chains: values.chains as number,
    warm_up: values.warmup as number,
    draws: values.draws as number,
    ...{ thinning: 1, keep: 'draws', jitter: 1, learn: 2000, length_per_chain: false, most_depth: 10 },
    metric: values.metric as MetricKind,
    ...(is_first ? { target_acceptance: values.acceptance as number } : {}),
    ...(sampler === 'hmc' ? { steps: values.steps as number } : {}),
  };
}

interface Sampled {
  options: SampleOptions;
  result: SampleResult;
  command: string[];
  summary: Omit<DrawsSummary, 'warnings'>;
}

function command_of({ data }: ScenePlace, target: ShownTarget, options: SampleOptions): string[] {
  const { sampler, chains, warm_up, draws, metric, seed, target_acceptance, steps, model } = options;
  const data_words = 'rows' in options.data && options.data.rows.count > 0 && data ? ['--data', data.name] : [];
  return [
    ...['sample', target.built_in ? model.name : `${model.name}.mjs`, ...data_words, '--sampler', sampler],
    ...['--chains', String(chains), '--warmup', String(warm_up), '--draws', String(draws), '--metric', metric],
    ...(target_acceptance === undefined ? [] : ['--target-acceptance', String(target_acceptance)]),
    ...(steps === undefined ? [] : ['--steps', String(steps)]),
    ...['--seed', String(seed)],
  ];
}

const facts_of = (command: readonly string[], { evaluations, seconds }: SampleResult) => ({
  ...{ langevin: 'page', command: ['langevin', ...command], files: [] },
  cost: {
    gradients: spent(evaluations, 'warm-up and learning included'),
    seconds: spent(seconds, 'warm-up and learning included'),
  },
});

function result_of(
  { values, data }: ScenePlace,
  target: ShownTarget,
  { options: { model }, result, command, summary }: Sampled,
): SceneResult {
  const warnings = [...draws_warnings(summary, result.draws, 'sample'), ...unread_words(model, data)];
  const numbers = Object.fromEntries(
    Array.from(summary.parameters, ([name, p]) => [
      [`${name}.mean`, p.mean],
      [`${name}.sd`, p.sd],
      [`${name}.ess`, p.ess],
    ]).flat() as [string, number][],
  );
  return {
    ...{ command, model: model.name, warnings, numbers },
    draws: { file: result.draws, judged: { ...summary, warnings } },
    ...(target.built_in
      ? {}
      : {
          files: {
            [`${model.name}.mjs`]: module_text(target.source ?? own_source(values)),
          },
        }),
  };
}
