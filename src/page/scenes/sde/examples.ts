/** The examples that the scene shows, and what of each. */

import type { SdeExample } from '../../../sde/examples/example.ts';
import { lorenz } from '../../../sde/examples/lorenz.ts';
import { lorenz_equations } from '../../../sde/examples/lorenz_equations.ts';
import { lotka_volterra } from '../../../sde/examples/lotka_volterra.ts';
import { ou } from '../../../sde/examples/ou.ts';

export interface ShownExample {
  example: SdeExample;
  label: string;
  /** Time from the beginning of the data that is drawn. */
  stretch: number;
  /** And of that the part whose components are drawn one by one. */
  near: number;
  /** Time behind the stretch for which there is room, where that is over time. */
  behind?: number;
  /** Paths of what was learned: from the beginning or from the end of the data, over so much time. */
  rollouts: { from: 'begin' | 'end'; over: number };
}

export const shown_examples: Readonly<Record<string, ShownExample>> = {
  lorenz: {
    ...{ example: lorenz, label: 'Lorenz, a network', stretch: 12, near: 3 },
    rollouts: { from: 'begin', over: 4 },
  },
  'lorenz-equations': {
    ...{ example: lorenz_equations, label: 'Lorenz, its equations', stretch: 12, near: 3 },
    rollouts: { from: 'begin', over: 4 },
  },
  'lotka-volterra': {
    ...{ example: lotka_volterra, label: 'Predators and prey', stretch: 65, near: 65 },
    rollouts: { from: 'end', over: 15 },
  },
  ou: {
    ...{ example: ou, label: 'Ornstein–Uhlenbeck', stretch: 60, near: 20 },
    rollouts: { from: 'begin', over: 60 },
  },
};
