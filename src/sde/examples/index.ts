/** Built-in examples, by name. */

import type { SdeExample } from './example.ts';
import { lorenz } from './lorenz.ts';
import { lorenz_equations } from './lorenz_equations.ts';
import { lotka_volterra } from './lotka_volterra.ts';
import { ou } from './ou.ts';
import { pendulum_video } from './pendulum_video.ts';
import { rotation } from './rotation.ts';

export const sde_examples: readonly SdeExample[] = [
  ou,
  rotation,
  lotka_volterra,
  lorenz,
  lorenz_equations,
  pendulum_video,
];
