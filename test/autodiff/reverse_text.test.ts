// Acceptance: counts and texts in the generated code, exactly: how large the tapes are, how often loops run, what is left out.

import { describe, expect, it } from 'vitest';
import { reverse_differentiate } from '../../src/autodiff/reverse/reverse_differentiate.ts';
import type { Case } from './harness.ts';
import { gaussian_process, log_densities } from './log_densities.ts';

/** The reversed entry alone. */
function reversed({ source, declarations = '', entry, active }: Omit<Case, 'inputs'>, unroll = 0, inline = 0): string {
  const { wgsl } = reverse_differentiate({ source, declarations, entries: [{ name: entry, active }], unroll, inline });
  const start = wgsl.indexOf(`fn ${entry}_r(`);
  return wgsl.slice(start, wgsl.indexOf('\n}\n', start) + 3);
}

/** A function of x and y, loops kept. */
const of_body = (body: string, more = '', unroll = 0) =>
  reversed({ source: `${more}\nfn f(x: f32, y: f32) -> f32 { ${body} }`, entry: 'f', active: [true, false] }, unroll);

const model = (name: string) => log_densities[name] as Case;
const tapes = (wgsl: string) => [...wgsl.matchAll(/_tape\w*: ([^;]*);/g)].map((match) => match[1]);
const count = (wgsl: string, pattern: RegExp) => [...wgsl.matchAll(pattern)].length;

describe('tapes', () => {
  it.each([
    ['a sum', 'var s = 0.0; for (var i = 0; i < 5; i++) { s += x * f32(i); } return s * s;', []],
    ['a product', 'var s = y; for (var i = 0; i < 5; i++) { s *= x; } return s;', ['array<f32, 5>']],
    [
      'a sum used in a loop around',
      'var p = y; for (var i = 0; i < 3; i++) { var s = 0.0; for (var j = 0; j < 5; j++) { s += x * p; } p = p * s; } return p;',
      ['array<f32, 3>'],
    ],
    [
      'products in nested loops: the inner tape is used again for every outer iteration',
      'var s = y; for (var i = 0; i < 3; i++) { for (var j = 0; j < 5; j++) { s *= sin(x); } } return s;',
      ['array<f32, 3>', 'array<f32, 5>'],
    ],
    [
      'a triangular loop: the longest row',
      'var s = y; for (var i = 0; i < 4; i++) { for (var j = 0; j <= i; j++) { s = sin(s * x); } } return s;',
      ['array<f32, 4>', 'array<f32, 4>'],
    ],
    [
      'an array written element by element, each once, before it is read',
      'var a: array<f32, 9>; a[0] = x; for (var i = 1; i < 9; i++) { a[i] = sin(a[i - 1]); } return a[8];',
      [],
    ],
    [
      'an array changed after it was read',
      'var a = array(x, y); for (var i = 0; i < 7; i++) { a[0] = sin(a[1]); a[1] = a[0] * x; } return a[0];',
      ['array<array<f32, 2>, 7>'],
    ],
    [
      'a vector',
      'var v = vec3f(x); for (var i = 0; i < 4; i++) { v = cross(v, sin(v)) * y; } return v.x;',
      ['array<vec3<f32>, 4>'],
    ],
    [
      'integers that the iterations hand on',
      'var k = 0; var a = array(x, y, x); var s = 0.0; while (k < 3) { s += a[k] * a[k] * x; k++; } return s * s;',
      ['array<i32, 3>'],
    ],
    [
      'passive values of which nothing depends',
      'var k = 1.0; var s = 0.0; for (var i = 0; i < 4; i++) { k *= 0.5; s += x; } return s * k;',
      [],
    ],
  ] as const)('%s', (_, body, expected) => {
    expect(tapes(of_body(body))).toEqual(expected);
  });

  it('none for log densities that hand nothing on', () => {
    const none = Object.keys(log_densities).filter((name) => tapes(reversed(model(name))).length === 0);
    expect(none).toEqual([
      'a row of a logistic regression',
      'a logistic regression with a helper per row',
      'stochastic volatility, centred',
      'an autoregression with an array of residuals',
    ]);
    expect(tapes(reversed(model('stochastic volatility, not centred')))).toEqual(['array<f32, 9>']);
    expect(tapes(reversed(gaussian_process(11)))).toEqual([]);
  });
});

describe('loops', () => {
  const loops = (wgsl: string) => count(wgsl, /\b(for|loop)\b/g);

  it('run once for the forward and once for the reverse sweep of a sum', () => {
    expect(loops(reversed(model('a row of a logistic regression')))).toBe(2);
  });

  it('run once in all where everything goes to a total', () => {
    expect(loops(reversed(model('stochastic volatility, centred')))).toBe(1);
    expect(loops(reversed(model('a logistic regression with a helper per row')))).toBe(1);
  });

  it('do not run again for a value that nothing needs', () => {
    const helper = 'fn g(a: f32) -> f32 { var s = a; for (var i = 0; i < 4; i++) { s += a * f32(i); } return s; }';
    const { wgsl } = reverse_differentiate({
      source: `${helper} fn f(x: f32) -> f32 { return g(x); }`,
      declarations: '',
      entries: [{ name: 'f', active: [true] }],
      unroll: 0,
      inline: 0,
    });
    const g = wgsl.slice(wgsl.indexOf('fn g_r_1('));
    expect(loops(g)).toBe(1);
    expect(g).not.toContain('return');
  });

  it('go in the order of the first run where iterations are independent', () => {
    expect(reversed(model('a row of a logistic regression'))).not.toContain('--');
    expect(of_body('var s = x; for (var i = 0; i < 5; i++) { s *= y; } return s;')).toMatch(
      /for \(var (k\w*): u32 = 5u; \1 > 0u; \1--\)/,
    );
  });

  it('are written out where they are short', () => {
    const text = reversed(model('a row of a logistic regression'), 64);
    expect(loops(text)).toBe(0);
    expect(text).toContain('(*theta_b).beta[4] +=');
  });

  it('are kept where written out they would be longer than allowed', () => {
    const body = 'var s = x; for (var i = 0; i < 65; i++) { s += x; } return s * s;';
    expect(loops(of_body(body, '', 64))).toBe(2);
    expect(loops(of_body(body, '', 65))).toBe(0);
  });
});

describe('what is left', () => {
  it('clamps an index unless it is known to be in range', () => {
    const source = `fn f(a: array<f32, 5>, n: i32) -> f32 {
  var s = 0.0;
  for (var i = 0; i < 4; i++) { s += a[i + 1] * a[n]; }
  return s;
}`;
    const text = reversed({ source, entry: 'f', active: [true, false] });
    expect(new Set([...text.matchAll(/a(?:_b\))?\[([^\]]*)\]/g)].map((match) => match[1]?.replace(/_\d/, '')))).toEqual(
      new Set(['i + 1', 'min(u32(n), 4u)']),
    );
  });

  it('ends at once where a guard returns a constant', () => {
    const text = of_body('let a = sin(x); if (x < 0.0) { return -1e30; } return a * a;');
    expect(text).toMatch(/if \(t\w*\) \{\n {4}return -1e30;\n {2}\}/);
  });

  it('makes one reversed helper per pattern of active arguments, which entries can be too', () => {
    const source = `fn g(a: f32, b: f32) -> f32 { return sin(a) * b; }
fn f(x: f32, y: f32) -> f32 { return g(x, y) + g(x, 1.0) + g(2.0, x) + g(y, x); }`;
    const entries = [
      { name: 'f', active: [true, false] },
      { name: 'g', active: [true, false] },
    ];
    const { wgsl } = reverse_differentiate({ source, declarations: '', entries, inline: 0 });
    expect([...wgsl.matchAll(/fn (\w+_r\w*)\(/g)].map((match) => match[1])).toEqual(['f_r', 'g_r', 'g_r_01']);
  });

  it('writes out functions that are short or called once', () => {
    const source = (calls: string) => `fn g(a: f32) -> f32 { var s = a; s *= sin(s); return s; }
fn f(x: f32) -> f32 { return ${calls}; }`;
    const text = (calls: string, inline: number) =>
      reverse_differentiate({
        source: source(calls),
        declarations: '',
        entries: [{ name: 'f', active: [true] }],
        inline,
      }).wgsl;
    expect(text('g(x)', 1)).not.toContain('g_r_1');
    expect(text('g(x) + g(x * x)', 3)).not.toContain('g_r_1');
    expect(text('g(x) + g(x * x)', 2)).toContain('g_r_1');
    expect(text('g(x)', 0)).toContain('g_r_1');
  });

  it('does nothing for a function that does not depend on its active arguments', () => {
    expect(of_body('return floor(x);')).toBe(`fn f_r(x: f32, y: f32, seed: f32, x_b: ptr<function, f32>) -> f32 {
  return floor(x);
}
`);
  });

  it('keeps what the author and the library call their things', () => {
    const text = of_body(
      'let seed = x; let x_b = seed * y; var value = x_b * x; value += logit(value); return value;',
      'fn logit(a: f32) -> f32 { return a * a; }',
    );
    expect(text).toMatch(
      /^fn f_r\(x: f32, y: f32, seed_1: f32, x_b_1: ptr<function, f32>\) -> f32 \{\n {2}var value_1: f32;/,
    );
  });

  it('does not grow exponentially with nested loops', () => {
    const nest = (depth: number): string =>
      depth === 0
        ? 's = sin(s * x) + s;'
        : `for (var i${depth} = 0; i${depth} < 3; i${depth}++) { ${nest(depth - 1)} }`;
    const size = (depth: number) => of_body(`var s = y; ${nest(depth)} return s;`).length;
    expect(size(5) / size(4)).toBeLessThan(2.2);
  });
});
