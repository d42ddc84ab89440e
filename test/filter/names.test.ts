// A model's author may use any word, ours too. Acceptance: the bank and the predictions run and give what they give under other names, bit for bit.

import { expect, it } from 'vitest';
import { predict } from '../../src/filter/predict.ts';
import { catalog } from '../../src/model/catalog/index.ts';
import type { StateSpaceSource } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { use_device } from '../device.ts';
import { run_bank } from './run_bank.ts';

const device = use_device();

/** Bindings, overrides and functions of the filter's shaders. */
const ours = [
  ...[
    'params',
    'theta_values',
    'observations',
    'keys',
    'particles',
    'weights',
    'results',
    'shared_noise',
    'trace',
    'lineage',
  ],
  ...[
    'predict_params',
    'starts',
    'predictions',
    'particle_count',
    'draw_count',
    'lanes',
    'width',
    'propagate',
    'weigh',
    'tiles',
    'progress',
    'run',
  ],
];

const plain = catalog.lgssm as StateSpaceSource;
const theta = [0.75, 1, 1];

/** A model that uses every word, one after the other: where one cannot stand, the compiler names it. */
function with_names(as: 'local' | 'constant' | 'function') {
  const lines = (of: (word: string, n: number) => string) => ours.map(of).join('\n');
  const last = ours.at(-1);
  const extra = {
    local: `fn extra(x: f32) -> f32 {\n${lines((word, n) => `let ${word} = ${ours[n - 1] ?? 'x'};`)}\nreturn ${last};\n}\n`,
    constant: `${lines((word) => `const ${word} = 1.0;`)}\nfn extra(x: f32) -> f32 {\n  return x * ${ours.join(' * ')};\n}\n`,
    function: `${lines((word, n) => `fn ${word}(x: f32) -> f32 {\n  return ${n === 0 ? 'x' : `${ours[n - 1]}(x)`};\n}`)}\nfn extra(x: f32) -> f32 {\n  return ${last}(x);\n}\n`,
  }[as];
  return validate_model({ ...plain, wgsl: extra + plain.wgsl.replace('noise[0])', 'extra(noise[0]))') });
}

it.each(['local', 'constant', 'function'] as const)('our words may be a %s of a model', async (as) => {
  const options = { data: { y: [1, 2, 0.5] }, particles: 16, gradient: true } as const;
  const expected = await run_bank(device(), { ...options, model: validate_model(plain) }, [theta], [[1, 2]]);
  const model = with_names(as);
  for (const shape of ['lane', 'workgroup', 'grid'] as const) {
    const run = await run_bank(device(), { ...options, model, shape, trace: { draws: 1 } }, [theta], [[1, 2]]);
    if (shape === 'lane') expect(run.log_likelihood).toEqual(expected.log_likelihood);
    expect(run.log_likelihood[0]).toBeCloseTo(expected.log_likelihood[0] as number, 4);
  }
  const keys = Uint32Array.of(1, 2);
  const options_of = { model, theta: Float32Array.from(theta), keys, filters: 1, draws: 1, horizon: 2 };
  const forward = await predict(device(), options_of);
  expect(Number.isFinite(forward.observation(0, 2, 0)[0])).toBe(true);
});
