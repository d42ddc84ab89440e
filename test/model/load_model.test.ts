// Acceptance: the whole text of each message, since the message is the feature. Modules are written to a folder of the test's own and imported from there.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/model/user_error.ts';
import { load_model } from '../../src/node/load_model.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'langevin-model-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function message_of(loading: Promise<unknown>): Promise<string> {
  const error = await loading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return error.message;
  throw error ?? new Error('nothing was refused');
}

const module_text = (transition: string) => `// A random walk.
export default {
  kind: 'state-space',
  name: 'walk',
  parameters: { sd: { prior: { exponential: 1 } } },
  state: ['x'],
  noise: 1,
  observation: ['y'],
  wgsl: \`
    fn initial(theta: Theta, noise: Noise) -> State { return State(noise[0]); }
    ${transition}
    fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32 { return normal_log_density(y.y, x.x, 1.0); }
  \`,
};
`;
const right =
  'fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State { return State(x.x + theta.sd * noise[0]); }';

describe('load_model', () => {
  it('finds built-in models by name', async () => {
    expect((await load_model('sir')).name).toBe('sir');
  });

  it('loads a module by its path and knows where its WGSL begins', async () => {
    const path = write('walk.mjs', module_text(right));
    const model = await load_model(path);
    expect(model.scalars.map((scalar) => scalar.name)).toEqual(['sd']);
    expect(model.source).toEqual({ path, line: 9 });
  });

  it('reads Windows line endings alike', async () => {
    const path = write('windows.mjs', module_text(right).replaceAll('\n', '\r\n'));
    expect((await load_model(path)).source).toEqual({ path, line: 9 });
  });

  it('points at the line of the file where the WGSL is wrong', async () => {
    const path = write('wrong.mjs', module_text('fn transition(x: State) -> State { return x; }'));
    expect(await message_of(load_model(path))).toBe(
      `${path}:11: function transition takes (State) and returns State. It must be fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State.`,
    );
  });

  it('does without the line where the WGSL is put together', async () => {
    const path = write('joined.mjs', module_text(`\${'fn transition(x: State)'} -> State { return x; }`));
    expect(await message_of(load_model(path))).toMatch(`${path}: WGSL, line 3: function transition takes`);
  });

  it('refuses what is not there, what exports nothing, and what fails', async () => {
    const missing = join(folder, 'missing.mjs');
    expect(await message_of(load_model(missing))).toBe(`${missing}: there is no such file.`);
    const empty = write('empty.mjs', 'export const model = {};');
    expect(await message_of(load_model(empty))).toBe(
      `${empty}: the module has no default export. Write export default { kind: 'state-space', … }.`,
    );
    const failing = write('failing.mjs', '\n\nthrow new Error("no luck");\n');
    expect(await message_of(load_model(failing))).toBe(`${failing}:3: the module failed: Error: no luck`);
    const null_model = write('null.mjs', 'export default null;');
    expect(await message_of(load_model(null_model))).toBe(
      `${null_model}: a model is an object { kind: 'state-space', … }, got null.`,
    );
  });
});
