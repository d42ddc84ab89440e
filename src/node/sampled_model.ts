/** The model that shards were sampled from, for a merge that was not told: parameters with bounds are merged in its coordinates. */

import { field_priors } from '../model/space.ts';
import type { Model } from '../model/types.ts';
import { UserError } from '../model/user_error.ts';
import { type FileOrigin, load_origin_model } from './origin.ts';

export interface SampledModel {
  /** As the runs were given it. */
  given: string;
  model: Model;
}

/** Undefined where some shard does not tell, where the model is not to be found from here, or has no bounds. */
export async function sampled_model(origins: readonly FileOrigin[]): Promise<SampledModel | undefined> {
  const [first] = origins;
  if (first?.source === undefined || origins.some(({ source }) => source === undefined)) return undefined;
  try {
    const model = await load_origin_model(first);
    return has_bounds(model) ? { given: first.source.model, model } : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

const has_bounds = (model: Model) =>
  model.fields.some(
    (field) =>
      field.constraint !== 'none' ||
      field_priors(model, field).some(({ lower, upper }) => lower !== -Infinity || upper !== Infinity),
  );
