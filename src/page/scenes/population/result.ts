/** What a person leaves with: the first population's draws, and what both say beside the truth. */

import type { LogDensityModel, LogDensitySource } from '../../../model/types.ts';
import type { draws_of, population_judgement } from '../../../population/judgement.ts';
import type { PopulationSpec } from '../../../population/spec.ts';
import type { ScenePlace, SceneResult } from '../../shell/scene.ts';
import { unread_words } from '../hmc/own.ts';
import { module_text } from '../own_text.ts';
import { options_of } from './settings.ts';
import type { PopulationTarget } from './targets.ts';

export function command_of(
  spec: PopulationSpec,
  { place, target, model }: { place: ScenePlace; target: PopulationTarget; model: LogDensityModel },
): string[] {
  const data = model.row.length > 0 && place.data ? ['--data', place.data.name] : [];
  const name = target.built_in ? model.name : `${model.name}.mjs`;
  return ['population', name, ...data, ...options_of(spec, place.values)];
}

export interface Found {
  spec: PopulationSpec;
  command: string[];
  draws: ReturnType<typeof draws_of>;
  judged: ReturnType<typeof population_judgement>;
  estimates: { mean: number; error: number }[];
}

/** Ranks wait for nobody, so which of them meet is a matter of how fast they were. */
const not_repeated =
  'ranks wait for nobody, so who met whom was a matter of how fast they were: this link gives other draws of the same posterior another time. Without exchange it gives the same.';

export function result_of(
  found: readonly Found[],
  {
    model,
    target,
    source,
    data,
  }: { model: LogDensityModel; target: PopulationTarget; source: LogDensitySource; data: ScenePlace['data'] },
): SceneResult {
  const [first] = found as [Found];
  const numbers: Record<string, number> = {};
  for (const [n, { estimates }] of found.entries()) {
    for (const [q, { name, exact }] of target.quantities.entries()) {
      const { mean, error } = estimates[q] as { mean: number; error: number };
      const key = n === 0 ? name : `beside, ${name}`;
      Object.assign(numbers, { [key]: mean, [`${key}, error`]: error });
      if (exact !== undefined) numbers[`${key}, exact`] = exact;
    }
  }
  const warnings = [
    ...first.judged.warnings,
    ...(first.spec.exchange === 'none' ? [] : [not_repeated]),
    ...unread_words(model, data),
  ];
  return {
    ...{ command: first.command, model: model.name, warnings, numbers },
    draws: { file: first.draws, judged: { ...first.judged, warnings } },
    ...(target.built_in ? {} : { files: { [`${model.name}.mjs`]: module_text(source) } }),
  };
}
