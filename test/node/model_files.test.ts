// Acceptance: a mistake in a model file ends with code 2 and a message that begins with the file and, where the mistake has one, its line there, whoever found it: the JavaScript
// engine, our own checks, or the GPU's compiler. What the author may name as they like changes nothing.

import { describe, expect, it } from 'vitest';
import { timeout, workplace } from './command_line.ts';
import { walk } from './models.ts';

const transition = 'fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State {';

interface Mistake {
  title: string;
  text: string;
  /** The whole message begins so. */
  says: string;
}

const mistakes: readonly Mistake[] = [
  {
    title: 'a syntax error in its JavaScript',
    text: 'export default {\n  name: ,\n};\n',
    says: 'foo.mjs:2: the module failed: SyntaxError',
  },
  {
    title: 'no default export',
    text: 'export const model = {};\n',
    says: 'foo.mjs: the module has no default export.',
  },
  {
    title: 'no transition',
    text: walk({ transition: '' }),
    says: 'foo.mjs: the WGSL has no function transition. Add fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State.',
  },
  {
    title: 'a typo in its WGSL',
    text: walk({ transition: `${transition}\n      return State(x.x + thet.sd);\n    }` }),
    says: 'foo.mjs:11: `thet` is not declared. Did you mean `',
  },
  {
    title: 'a syntax error in its WGSL',
    text: walk({ transition: `${transition}\n      return State(x.x +);\n    }` }),
    says: 'foo.mjs:11: syntax: ',
  },
  {
    title: 'a value assigned to a let',
    text: walk({ transition: `${transition}\n      let z = x.x;\n      z = 2.0;\n      return State(z);\n    }` }),
    says: "foo.mjs:12: the GPU's compiler says: cannot assign to 'let z'. Correct the WGSL there.",
  },
  {
    title: 'a function that may end without a result',
    text: walk({ transition: `${transition}\n      if (t > 3.0) {\n        return x;\n      }\n    }` }),
    says: "foo.mjs:14: the GPU's compiler says: missing return at end of function. Correct the WGSL there.",
  },
  {
    title: 'the same after an import and among names of the library’s own helpers',
    text: walk({
      initial:
        'import package::lib::log_gamma::log_gamma; fn initial(theta: Theta, noise: Noise) -> State { return State(log_gamma(1.0 + noise[0] * noise[0])); }',
      transition: `fn stirling_series(x: f32) -> f32 { return x; }\n    ${transition}\n      let z = stirling_series(x.x);\n      z = 2.0;\n      return State(z);\n    }`,
    }),
    says: "foo.mjs:13: the GPU's compiler says: cannot assign to 'let z'. Correct the WGSL there.",
  },
];

describe.concurrent('a model file', { timeout }, () => {
  it.each(mistakes)('with $title is refused', async ({ text, says }) => {
    const place = workplace();
    const { code, stdout, stderr } = await place.run(['simulate', './foo.mjs', '--set', 'sd=1', '--steps', '2'], {
      files: { 'foo.mjs': text },
    });
    expect(stderr.slice(0, './'.length + says.length)).toBe(`./${says}`);
    expect(stderr).not.toMatch(/^ +at /m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('in TypeScript with a syntax error is refused', async () => {
    const { code, stderr } = await workplace().run(['simulate', 'foo.ts'], {
      files: { 'foo.ts': 'export default {\n  name: ,\n};\n' },
    });
    expect(stderr).toMatch(/^foo\.ts:2: the module failed: SyntaxError: /);
    expect(code).toBe(2);
  });

  it('that is not there is refused', async () => {
    const { code, stdout, stderr } = await workplace().run(['simulate', 'foo.mjs', '--set', 'sd=1']);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: 'foo.mjs: there is no such file.\n' });
  });

  it('with a mistake leaves no folder behind, though its WGSL is compiled after the folder was prepared', async () => {
    const place = workplace();
    const broken = walk({
      transition: `${transition}\n      let z = x.x;\n      z = 2.0;\n      return State(z);\n    }`,
    });
    const { code, stderr } = await place.run(['smc2', 'foo.mjs', '--data', 'y.csv', '--out', 'a/b'], {
      files: { 'foo.mjs': broken, 'y.csv': 'y\n1\n2\n' },
    });
    expect(stderr).toMatch(/^foo\.mjs:12: /);
    expect(code).toBe(2);
    expect(place.list()).toEqual(['foo.mjs', 'y.csv']);
  });

  it('may use names that the library uses inside', async () => {
    const text = walk({
      initial:
        'fn stirling_series(x: f32) -> f32 { return 2.0 * x; }\n    fn initial(theta: Theta, noise: Noise) -> State { return State(stirling_series(log_gamma(3.0))); }',
    });
    const run = await workplace().run(['simulate', 'foo.mjs', '--set', 'sd=0', '--steps', '1', '--states'], {
      files: { 'foo.mjs': text },
    });
    expect(run.stderr).toBe('');
    // 2 log Γ(3) = 2 log 2, within the library's stated accuracy, shown in the column state.x
    expect(Number(run.stdout.trim().split(/[\n,]/).at(-1))).toBeCloseTo(2 * Math.log(2), 5);
  });
});
