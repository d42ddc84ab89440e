/** What can be set of the SMC² scene. */

import type { Setting, Values } from '../../shell/settings.ts';
import { own_settings } from './own.ts';
import { type Problem, problems } from './problems.ts';

const choice = (...values: string[]) => values.map((value) => [value, value] as const);

const axis = (name: string, label: string, names: readonly string[], n: number): Setting => ({
  ...{ kind: 'choice', name, label, options: choice(...names), fallback: names[n] as string, expert: true },
});

export function smc2_settings(kind: 'hardware' | 'software', values: Values): Setting[] {
  const software = kind === 'software';
  const problem = problems[(values.model as string) ?? ''] ?? (problems.influenza as Problem);
  // Of an own model the first two: their names change as it is written.
  const names = problem.model?.().scalars.map(({ name }) => name);
  return [
    {
      ...{ kind: 'choice', name: 'model', label: 'Model and data', fallback: 'influenza' },
      options: Object.entries(problems).map(([name, { label }]) => [name, label] as const),
    },
    ...(names ? [] : own_settings),
    {
      ...{ kind: 'number', name: 'thetas', label: 'θ-particles', least: 32, most: 16384, whole: true },
      fallback: software ? 256 : 2048,
    },
    {
      ...{ kind: 'number', name: 'particles', label: 'Particles of each filter', least: 1, most: 4096, whole: true },
      fallback: software ? 64 : 512,
    },
    ...(names ? [axis('x', 'Across', names, 0), axis('y', 'Up', names, 1)] : []),
    { kind: 'flag', name: 'arrows', label: 'Arrows of the gradient', fallback: false, expert: true },
    {
      ...{ kind: 'flag', name: 'ancestors', label: 'Ancestors’ lines', fallback: true, expert: true },
      help: 'of the particles of one filter',
    },
    {
      ...{ kind: 'choice', name: 'proposal', label: 'Moves', fallback: 'langevin', expert: true },
      options: choice('langevin', 'random-walk'),
    },
    {
      ...{ kind: 'choice', name: 'correction', label: 'Correction', fallback: 'metropolis', expert: true },
      options: choice('metropolis', 'weight'),
    },
    {
      ...{ kind: 'number', name: 'iterations', label: 'Moves at the posterior', least: 2, most: 1000, whole: true },
      ...{ fallback: 16, expert: true },
    },
  ];
}
