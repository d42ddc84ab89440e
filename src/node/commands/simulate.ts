/** `langevin simulate`: data from a model at given parameters. */

import { writeFileSync } from 'node:fs';
import { shortest_f32 } from '../../data/draws.ts';
import { state_names } from '../../data/state_series.ts';
import { predict } from '../../filter/predict.ts';
import { UserError } from '../../model/user_error.ts';
import { adapter_option, type Command } from '../command.ts';
import { load_state_space_option } from '../model_option.ts';
import { reason } from '../output.ts';
import { seed_of } from '../run_options.ts';
import { parse_settings } from '../settings.ts';

/** Second key word of simulated data; SMC² has 1, filters 2. */
const simulate_run = 3;

export const simulate: Command = {
  usage: 'MODEL --set a=1 --set b=2 --steps 200 [--seed 1] [--states] [--out data.csv]',
  summary: 'draws a data set from a model at given parameters',
  options: {
    set: { kind: 'list', value: 'NAME=X', help: 'a parameter’s value; all are needed' },
    steps: { kind: 'text', value: 'T', help: 'rows to draw (default 100)' },
    states: { kind: 'flag', help: 'also write the states, as columns named state.NAME' },
    seed: { kind: 'text', value: 'N', help: 'seed (default 1)' },
    out: { kind: 'text', value: 'FILE', help: 'CSV to write (default: standard output)' },
    ...adapter_option,
  },
  examples: [
    'lgssm --set mu=0.75 --set phi=1 --set sigma=1 --steps 100 --out y.csv',
    'sir --set beta=1.7 --set gamma=0.5 --set phi_inverse=0.1 --steps 14',
  ],
  async run({ options, open_device }) {
    const model = await load_state_space_option(options, 'simulate');
    const theta = parse_settings(options.list('set'), model);
    const steps = options.whole('steps', 100, 1, 1_000_000);
    const seed = seed_of(options);
    const run = await predict(await open_device(model), {
      model,
      theta: Float32Array.from(theta),
      keys: Uint32Array.of(seed, simulate_run),
      filters: 1,
      draws: 1,
      horizon: steps,
    });
    const states = state_names(model).map((name) => `state.${name}`);
    const shown = model.observation.length + (options.flag('states') ? states.length : 0);
    const names = [...model.observation, ...states];
    const lines = [names.slice(0, shown).join(',')];
    for (let h = 1; h <= steps; h++) {
      const x = states.map((_, i) => run.state(0, h, i)[0] as number);
      const y = model.observation.map((_, c) => run.observation(0, h, c)[0] as number);
      const cells = [...y, ...x];
      // States too, though not shown: an observation drawn at a state that is no number may look like any other.
      const bad = cells.findLastIndex((value) => !Number.isFinite(value));
      if (bad >= 0)
        throw new UserError(
          `The model gives ${names[bad]} = ${cells[bad]} at step ${h}.\nLook at its transition at these parameters.`,
        );
      lines.push(cells.slice(0, shown).map(shortest_f32).join(','));
    }
    const text = `${lines.join('\n')}\n`;
    const out = options.text('out');
    if (out === undefined) {
      process.stdout.write(text);
      return 0;
    }
    try {
      writeFileSync(out, text);
    } catch (error) {
      throw new UserError(`--out ${out} cannot be written: ${reason(error)}.\nGive another path.`);
    }
    process.stderr.write(`${steps} rows in ${out}\n`);
    return 0;
  },
};
