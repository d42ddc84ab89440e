/** The scenes, in the order of the page. */

import { nearest_name } from '../../model/nearest_name.ts';
import { UserError } from '../../model/user_error.ts';
import type { Scene } from '../shell/scene.ts';
import { hmc_scene } from './hmc/scene.ts';
import { merge_scene } from './merge/scene.ts';
import { population_scene } from './population/scene.ts';
import { sde_scene } from './sde/scene.ts';
import { smc2_scene } from './smc2/scene.ts';

export const scenes: readonly Scene[] = [smc2_scene, hmc_scene, sde_scene, merge_scene, population_scene];

/** Throws UserError for a name that no scene has. */
export function scene_named(name: string): Scene {
  const found = scenes.find((scene) => scene.name === name);
  if (found) return found;
  const near = nearest_name(
    name,
    scenes.map((scene) => scene.name),
  );
  throw new UserError(`There is no scene “${name}”.${near ? ` Did you mean ${near}?` : ''}`);
}
