/** The scenes, in the order of the page. */

import type { Scene } from '../shell/scene.ts';
import { hmc_scene } from './hmc/scene.ts';
import { merge_scene } from './merge/scene.ts';
import { population_scene } from './population/scene.ts';
import { sde_scene } from './sde/scene.ts';
import { smc2_scene } from './smc2/scene.ts';

export const scenes: readonly Scene[] = [smc2_scene, hmc_scene, sde_scene, merge_scene, population_scene];

export const scene_named = (name: string): Scene | undefined => scenes.find((scene) => scene.name === name);
