/** The built-in models, by the name that the command line takes. */

import type { ModelSource } from '../types.ts';
import { banana } from './banana.ts';
import { eight_schools } from './eight_schools.ts';
import { funnel } from './funnel.ts';
import { lgssm } from './lgssm.ts';
import { sir } from './sir.ts';
import { sir_gaussian } from './sir_gaussian.ts';
import { sir_ode } from './sir_ode.ts';
import { stochastic_volatility } from './stochastic_volatility.ts';

const built_in = {
  lgssm,
  sir,
  'sir-ode': sir_ode,
  'sir-gaussian': sir_gaussian,
  'stochastic-volatility': stochastic_volatility,
  'eight-schools': eight_schools,
  banana,
  funnel,
};

export type BuiltIn = typeof built_in;

export const catalog: Readonly<Record<string, ModelSource>> = built_in;
