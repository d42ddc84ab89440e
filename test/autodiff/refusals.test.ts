// Acceptance: what is not supported is refused with the line and column of the author's text, what is wrong and what to do; equality of text.

import { expect, it } from 'vitest';
import { differentiate } from '../../src/autodiff/differentiate.ts';
import { SourceError } from '../../src/autodiff/source_error.ts';

const declarations = 'struct Theta { beta: f32, list: array<f32, 2> }';

function message(source: string, entry = 'f', active = [true]): string {
  try {
    differentiate({ source, declarations, width: 2, entries: [{ name: entry, active }] });
  } catch (error) {
    if (error instanceof SourceError) return error.message;
    throw error;
  }
  return 'accepted';
}

/** A function body on line 2, its first character in column 1. */
const body = (text: string) => `fn f(theta: Theta) -> f32 {\n${text}\nreturn theta.beta; }`;

const refused: [source: string, expected: string][] = [
  [body('let p = &theta;'), 'line 2, column 9: pointers are not supported. Return a struct instead.'],
  [
    `fn g(p: ptr<function, f32>) {}\n${body('')}`,
    'line 1, column 9: pointers are not supported. Return a struct instead.',
  ],
  [
    `var<private> x: f32;\n${body('')}`,
    'line 1, column 1: module-scope variables are not supported. Use const, or pass the value as an argument.',
  ],
  [
    `\n  override n: u32;\n${body('')}`,
    'line 2, column 3: override is not supported. Use const, or put the number under constants.',
  ],
  [`enable f16;\n${body('')}`, 'line 1, column 1: directives are not supported. Remove it.'],
  [body('let m = mat2x2f(1, 0, 0, 1);'), 'line 2, column 9: matrices are not supported. Use vectors or arrays.'],
  [body('let h: f16 = 1.0h;'), 'line 2, column 8: f16 is not supported. Use f32.'],
  [
    body('workgroupBarrier();'),
    'line 2, column 1: barriers are not supported. A model function works on its own values only.',
  ],
  [body('discard;'), 'line 2, column 1: discard is not supported. Return a value instead.'],
  [
    body('let d = dpdx(theta.beta);'),
    'line 2, column 9: screen-space derivatives are not supported. Gradients are made for you; remove the call.',
  ],
  [
    `@compute @workgroup_size(1)\nfn main() {}\n${body('')}`,
    'line 1, column 1: attributes are not supported. Remove it; entry points are made for you.',
  ],
  [body('var<private> y = 1.0;'), 'line 2, column 1: address spaces are not supported. Write var without <…>.'],
  [
    body('let b = bitcast<u32>(theta.beta); let c = bitcast<f32>(b); let d = bitcast<f32>(theta.beta); return d;'),
    'line 2, column 68: `bitcast` has no derivative here. Write the value with arithmetic and the elementary functions, or apply it to constants and data only.',
  ],
  [
    body('return ldexp(theta.beta, 2);'),
    'line 2, column 8: `ldexp` has no derivative here. Write the value with arithmetic and the elementary functions, or apply it to constants and data only.',
  ],
  [
    body('let g = fract(1.0) * frexp(theta.beta).fract; return g;'),
    'line 2, column 22: `frexp` has no derivative here. Write the value with arithmetic and the elementary functions, or apply it to constants and data only.',
  ],
  [
    body('return digamma(theta.beta);'),
    'line 2, column 16: `digamma` has no derivative with respect to this argument. Pass a value that depends on no parameter or state.',
  ],
  [
    `fn g(x: f32) -> f32 { return h(x); }\nfn h(x: f32) -> f32 { return g(x); }\n${body('return g(theta.beta);')}`,
    'line 1, column 4: `g` calls itself. WGSL has no recursion. Use a loop.',
  ],
  [body('return sqr(theta.beta);'), 'line 2, column 8: `sqr` is not declared. Did you mean `sqrt`?'],
  [body('return log_gama(theta.beta);'), 'line 2, column 8: `log_gama` is not declared. Did you mean `log_gamma`?'],
  [body('return zzzzzz;'), 'line 2, column 8: `zzzzzz` is not declared. Declare it, or check the spelling.'],
  [
    body('let later = earlier; let earlier = 1.0;'),
    'line 2, column 13: `earlier` is not declared. Declare it, or check the spelling.',
  ],
  [body('return theta.bta;'), 'line 2, column 8: Theta has no member `bta`. It has beta, list.'],
  [
    body('let i = 2i; return i * theta.beta;'),
    'line 2, column 20: i32 * f32 does not exist. Convert one side, for example with f32(…).',
  ],
  [
    body('let i = 2i; return max(i, theta.beta);'),
    'line 2, column 20: `max` does not take (i32, f32). Convert the arguments to one type, for example with f32(…).',
  ],
  [
    body('let i: i32 = theta.beta;'),
    'line 2, column 14: the declared type is i32, but this is f32. Convert it with i32(…).',
  ],
  [
    'fn g(x: f32) -> f32 { return x; }\n' + `fn f(theta: Theta) -> f32 { return g(2i); }`,
    'line 2, column 38: `x` is f32, but this is i32. Convert it with f32(…).',
  ],
  [
    'fn g(x: f32) -> f32 { return x; }\n' + `fn f(theta: Theta) -> f32 { return g(); }`,
    'line 2, column 36: `g` takes 1 arguments, not 0. Give each parameter a value.',
  ],
  [body('return theta.list[2];'), 'line 2, column 19: index 2 is out of range. Indices here go from 0 to 1.'],
  [
    body('var v = vec3f(); v.xy = vec2f(); return v.x;'),
    'line 2, column 18: `.xy` cannot be assigned. Assign the components one by one.',
  ],
  [
    `import other::noise;\n${body('')}`,
    'line 1, column 1: `other::noise` cannot be imported. Models can import from package::lib only.',
  ],
  [
    `import package::lib::log_gamma::log_gama;\n${body('')}`,
    'line 1, column 1: `package::lib::log_gamma::log_gama` is not in the library. Did you mean `log_gamma`?',
  ],
  [
    `import package::lib::special::{logit, log1p as l};\n${body('')}`,
    'line 1, column 1: imports cannot rename. Import `log1p` under its own name.',
  ],
  [
    body('return package::lib::special::logit(theta.beta);'),
    'line 2, column 8: `package::lib::special::logit` is a path. Write the bare name of the library function.',
  ],
  [body('let y = ;'), 'line 2, column 9: syntax: expected expression. Correct the WGSL here or just before.'],
  [
    body('let b = theta.beta; return select(select(0.0, 1.0, b < 1.0), 2.0, b > 2.0);'),
    "line 2, column 59: syntax: expected '>' or ',' after template parameter. If a comparison with < comes before, write it with > (b > a for a < b).",
  ],
  [
    body('const c = theta.beta; return c;'),
    'line 2, column 11: a const cannot depend on the arguments. Write let instead of const.',
  ],
  ['fn g() {}', 'line 1, column 1: there is no function `f`. Write it; the model needs it.'],
  [
    'fn f(a: f32, b: f32) -> f32 { return a; }',
    'line 1, column 4: `f` has 2 parameters, not 1. See the list of model functions for its parameters.',
  ],
  [
    'fn f(a: f32) -> i32 { return 1; }',
    'line 1, column 4: `f` returns no f32. Return an f32, or a struct or array of f32.',
  ],
];

it.each(refused)('%s', (source, expected) => {
  expect(message(source)).toBe(expected);
});

it('accepts the passive uses of what is refused when active', () => {
  const text =
    'let n = ldexp(1.5, 2) * digamma(2.0) + bitcast<f32>(7u); let i = u32(theta.beta); return n * f32(i) * theta.beta;';
  expect(message(body(text))).toBe('accepted');
});

it('blames the generator, not the author, for an error in the declarations', () => {
  const input = { source: body(''), declarations: `${declarations} alias A = B;`, width: 2, entries: [] };
  expect(() => differentiate(input)).toThrow(/^generated declarations: `B` is not declared/);
});
