// Acceptance: the compiler's message at the author's own line and column, whatever of the library comes after the author's text. A library text that clashed with it would end the
// compilation early and hide the mistake, so each case has one.

import { describe, expect, it } from 'vitest';
import { library } from '../../src/autodiff/library.ts';
import { check_model_wgsl } from '../../src/filter/check_model.ts';
import { catalog } from '../../src/model/catalog/index.ts';
import type { ModelOrigin } from '../../src/model/types.ts';
import { UserError } from '../../src/model/user_error.ts';
import { validate_model } from '../../src/model/validate.ts';
import { read_shader_files } from '../../src/node/shader_files.ts';
import { use_device } from '../device.ts';

const device = use_device();
const shaders = read_shader_files();

const functions = `fn initial(theta: Theta, noise: Noise) -> State { return State(noise[0]); }
fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State { return x; }
fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32 { return y.y - x.x; }`;

/** A mistake that only the compiler finds, on a line of its own, in column 3. */
const mistake = 'fn wrong(x: f32) -> f32 {\n  let z = x;\n  z = 2.0;\n  return z;\n}';

const model = (wgsl: string, origin?: ModelOrigin) =>
  validate_model(
    {
      kind: 'state-space',
      name: 'walk',
      parameters: { sd: { prior: { exponential: 1 } } },
      constants: { scale: 2 },
      state: ['x'],
      noise: 1,
      observation: ['y'],
      wgsl,
    },
    origin,
  );

async function refusal(wgsl: string, origin?: ModelOrigin): Promise<string> {
  const error = await check_model_wgsl(device().gpu, shaders, model(wgsl, origin)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return error.message;
  throw error ?? new Error('nothing was refused');
}

const says = "the GPU's compiler says: cannot assign to 'let z'. Correct the WGSL there.";

describe('the check of a model by the GPU’s compiler', () => {
  it.each(Object.keys(catalog))('passes %s, and finds a mistake put into it', async (name) => {
    const source = catalog[name] as (typeof catalog)[string];
    await check_model_wgsl(device().gpu, shaders, validate_model(source));
    const broken = validate_model({ ...source, wgsl: `${source.wgsl}\n${mistake}` });
    const line = source.wgsl.split('\n').length + 3;
    await expect(check_model_wgsl(device().gpu, shaders, broken)).rejects.toThrow(
      `model ${broken.name}: WGSL, line ${line}, column 3: ${says}`,
    );
  });

  it('finds it after calls of the whole library', async () => {
    const calls = Object.entries(library).map(
      ([name, { signature }]) => `${name}(${signature.replace(/[^,]+/g, '0.5')})`,
    );
    const all = `fn all() -> f32 {\n  return ${calls.join(' + ')};\n}`;
    expect(await refusal(`${all}\n${functions}\n${mistake}`)).toBe(`model walk: WGSL, line 9, column 3: ${says}`);
  });

  it('finds it beside names that the library uses inside, and beside the author’s own version of a library function', async () => {
    const own =
      'const half_log_two_pi = 1.0;\nfn stirling_series(x: f32) -> f32 { return x; }\nfn log1p(x: f32) -> f32 { return log(1.0 + x); }';
    const uses =
      'fn uses(x: f32) -> f32 { return normal_log_density(x, half_log_two_pi, scale) + log_gamma(x) + log1p(x) + logit(x); }';
    expect(await refusal(`${own}\n${uses}\n${functions}\n${mistake}`)).toBe(
      `model walk: WGSL, line 10, column 3: ${says}`,
    );
  });

  it('finds it after imports, which keep their place', async () => {
    const imports =
      'import package::lib::density::{\n  normal_log_density,\n  poisson_log_density\n};\nimport package::lib::special::logit;';
    const uses = 'fn uses(x: f32) -> f32 { return normal_log_density(x, x, x) + logit(x); }';
    expect(await refusal(`${imports}\n${uses}\n${functions}\n${mistake}`)).toBe(
      `model walk: WGSL, line 12, column 3: ${says}`,
    );
  });

  it('gives the line of the model’s file where it is known', async () => {
    expect(await refusal(`\n${functions}\n${mistake}`, { path: 'models/walk.mjs', line: 20 })).toBe(
      `models/walk.mjs:26: ${says}`,
    );
  });

  it('reads a log density with its data, before and after their number is known', async () => {
    const density = (body: string) =>
      validate_model({
        kind: 'log-density',
        name: 'series',
        parameters: { level: { size: 20, prior: { normal: [0, 1] } } },
        row: ['y'],
        wgsl: `fn log_density(theta: Theta) -> f32 {\n  var seen: array<f32, data_length>;\n${body}\n  return seen[0];\n}`,
      });
    const fine = density('  seen[0] = data[data_length - 2u].y * theta.level[0];');
    const wrong = density('  data[0].y = theta.level[0];');
    for (const rows of [undefined, 1000]) {
      await check_model_wgsl(device().gpu, shaders, fine, rows);
      await expect(check_model_wgsl(device().gpu, shaders, wrong, rows)).rejects.toThrow(
        /^model series: WGSL, line 3, column \d+: the GPU's compiler says: cannot store/,
      );
    }
  });
});
