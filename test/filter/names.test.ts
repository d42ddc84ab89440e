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
  ...['params', 'theta_values', 'observations', 'keys', 'particles', 'weights', 'results', 'shared_noise', 'trace'],
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

function with_name(word: string, as: 'local' | 'constant' | 'function') {
  const extra = {
    local: `fn extra(x: f32) -> f32 {\n  let ${word} = x;\n  return ${word};\n}\n`,
    constant: `const ${word} = 1.0;\nfn extra(x: f32) -> f32 {\n  return x * ${word};\n}\n`,
    function: `fn ${word}(x: f32) -> f32 {\n  return x;\n}\nfn extra(x: f32) -> f32 {\n  return ${word}(x);\n}\n`,
  }[as];
  return validate_model({ ...plain, wgsl: extra + plain.wgsl.replace('noise[0])', 'extra(noise[0]))') });
}

it.each(ours)('%s may be a local, a constant or a function of a model', async (word) => {
  const options = { data: { y: [1, 2, 0.5] }, particles: 16, gradient: true } as const;
  const expected = await run_bank(device(), { ...options, model: validate_model(plain) }, [theta], [[1, 2]]);
  for (const as of ['local', 'constant', 'function'] as const) {
    const model = with_name(word, as);
    for (const shape of ['lane', 'workgroup', 'grid'] as const) {
      const run = await run_bank(device(), { ...options, model, shape, trace: { draws: 1 } }, [theta], [[1, 2]]);
      if (shape === 'lane') expect(run.log_likelihood).toEqual(expected.log_likelihood);
      expect(run.log_likelihood[0]).toBeCloseTo(expected.log_likelihood[0] as number, 4);
    }
    const keys = Uint32Array.of(1, 2);
    const forward = await predict(device(), {
      model,
      theta: Float32Array.from(theta),
      keys,
      filters: 1,
      draws: 1,
      horizon: 2,
    });
    expect(Number.isFinite(forward.observation(0, 2, 0)[0])).toBe(true);
  }
});
