// Acceptance: the reverse sweep gives the tangents of forward mode, both run in float64, within 1e-11·(1 + |d|): programs of at most a
// few hundred operations, rounded at 1.1e-16 each. Forward mode is held against central differences in differentiate.test.ts. Values
// agree within 1e-12 relative. Every program runs with its loops and calls kept and with both written out.

import { describe, expect, it } from 'vitest';
import {
  outer,
  rule_grids,
  scalar,
  statement_bodies,
  value_cases,
  value_declarations,
  vector_bodies,
} from './cases.ts';
import { type Case, run_generated } from './harness.ts';
import { gaussian_process, log_densities } from './log_densities.ts';
import { run_reversed } from './reverse_harness.ts';

function expect_agreement(c: Case): void {
  const forward = run_generated(c);
  for (const written_out of [0, 1000]) {
    const reversed = run_reversed({ ...c, unroll: written_out, inline: written_out });
    forward.value.forEach((value, r) => {
      const error = Math.abs((reversed.value[r] as number) - value);
      expect(error, reversed.wgsl).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(value)));
      forward.tangents[r]?.forEach((tangent, k) => {
        const gradient = reversed.gradients[r]?.[k] as number;
        expect(Math.abs(gradient - tangent), `result ${r}, direction ${k}\n${reversed.wgsl}`).toBeLessThanOrEqual(
          1e-11 * (1 + Math.abs(tangent)),
        );
      });
    });
  }
}

/** Loops that are left by a condition on floats and whose iterations need what the one before computed: refused (reverse_refusals.test.ts). */
const uncounted = [
  'continue in a for loop with an active header',
  'break in a for loop with an active header',
  'while and break',
];

describe('statements', () => {
  const helper = 'fn helper(a: f32) -> f32 { return a * a; }';
  for (const [name, body] of Object.entries(statement_bodies))
    if (!uncounted.includes(name)) it(name, () => expect_agreement(scalar(body, [1.3, 0.7], helper)));

  const more: Record<string, string> = {
    'a value overwritten while its old one is needed':
      'var s = x * y; let a = sin(s); s = s * s; return a * s * cos(s);',
    'a product that overwrites its factor': 'var s = x; s *= s; s *= y * s; s /= s + 2.0; return s;',
    'an array overwritten element by element':
      'var a = array(x, y, x * y); a[0] = a[1] * a[2]; a[2] = sin(a[0]) * a[2]; a[1] += a[0] * a[0]; return a[0] * a[1] * a[2];',
    'a guard with a constant': 'if (x < 0.0) { return -1e30; } return log(x) * y;',
    'a guard that is taken': 'let a = x * y; if (x > 0.0) { return 7.0; } return a;',
    'a guard after active code': 'let a = x * y; if (a < 0.0) { return -1e30; } return a * a;',
    'a chain of returns':
      'if (x > 2.0) { return x * x; } else if (x > 1.0) { let z = x * y; return sin(z); } else { return y; }',
    'returns nested in branches':
      'var s = x; if (y > 0.0) { if (x > 5.0) { return s * y; } s = s * s; } else { s = 1.0; } return s * y;',
    'an active return in the middle': 'let a = x * x; if (y > 0.0) { return a * y; } let b = a * a; return b;',
    'a return inside a loop':
      'var s = x; for (var i = 0; i < 6; i++) { s = s * y + x; if (i == 3) { return s * s; } s += sin(s); } return s;',
    'a return inside nested loops':
      'var s = x; for (var i = 0; i < 4; i++) { for (var j = 0; j < 3; j++) { s = sin(s) + y * s; if (i * j == 2) { return s; } } s *= y; } return 1.0;',
    'break and continue with counters':
      'var s = x; for (var i = 0; i < 9; i++) { if (i == 2) { continue; } if (i == 5) { break; } s = s * y + sin(s); } return s;',
    'break in an inner loop':
      'var s = x; for (var i = 0; i < 4; i++) { for (var j = 0; j < 5; j++) { if (j > i) { break; } s = s * y + 0.1; } } return s;',
    'continue inside a switch':
      'var s = x; for (var i = 0; i < 5; i++) { switch i { case 1: { continue; } case 3: { s = s * s; break; } default: { s += y; } } s = sin(s) * y + s; } return s;',
    'a switch in a loop':
      'var s = x; for (var i = 0u; i < 4u; i++) { switch i % 3u { case 0u: { s = sin(s); } case 1u: { s = s * y; } default: { s += y * y; } } } return s;',
    'steps other than one':
      'var s = 0.0; for (var i = 9; i > 1; i -= 3) { s = s * y + x * f32(i); } for (var u = 1u; u <= 8u; u += 3u) { s = s * x + f32(u); } return s;',
    'a loop that does not run': 'var s = x * y; for (var i = 3; i < 3; i++) { s = s * s; } return s;',
    'a loop counter used after changes to other integers':
      'var a = array(x, y, x * y, 1.0); var k = 0; for (var i = 0; i < 3; i++) { a[k] = a[k] * a[k + 1]; k++; } return a[0] + a[1] * a[2];',
    'nested loops with a triangular range':
      'var s = x; for (var i = 0; i < 4; i++) { for (var j = i; j < 4; j++) { s = s * y + 0.1 * f32(j); } s = sin(s); } return s;',
    'an end that is a variable':
      'var n = 2; n += 2; var s = x; for (var i = 0; i < n; i++) { s = s * y + x; } n = 0; return s;',
    'a variable that changes after the loop read it':
      'var v = x; var s = 0.0; for (var i = 0; i < 3; i++) { s += sin(v * f32(i + 1)) * y; } v = y * y; return s * v;',
    'a variable that changes between two loops':
      'var a = array(x, y); var s = 0.0; for (var i = 0; i < 2; i++) { s += a[i] * a[i]; } a[0] = s * y; for (var i = 0; i < 2; i++) { s += sin(a[i]); } return s;',
    'an array that every iteration changes':
      'var a = array(x, y, x + y); for (var i = 0; i < 4; i++) { a[0] = a[1] * 0.5; a[1] = sin(a[2]); a[2] = a[0] + a[2] * y; } return a[0] * a[1] * a[2];',
    'an array of running values':
      'var a: array<f32, 6>; a[0] = x; for (var i = 1; i < 6; i++) { a[i] = sin(a[i - 1]) * y + a[i - 1]; } var s = 0.0; for (var i = 0; i < 6; i++) { s += a[i] * a[i]; } return s;',
    'an array of sums':
      'var a: array<f32, 3>; for (var i = 0; i < 7; i++) { a[i % 3] += x * f32(i) * y; } return a[0] * a[1] * a[2];',
    'an array set twice before it is read':
      'var a: array<f32, 2>; a[0] = x * x; a[0] = exp(x); a[0] += y; a[1] = a[0] * y; return a[0] * a[1];',
    'a sum that reads itself': 'var s = x; s += y; s += s * x; s += s * s; return s;',
    'a local array inside a loop':
      'var s = 0.0; for (var i = 0; i < 3; i++) { var a: array<f32, 2>; a[0] = x * f32(i); a[1] = a[0] * a[0] * y; s += a[0] * a[1]; } return s * s;',
    'an index that changes later': 'var a = array(x, y); var k = 0; let b = a[k] * a[k]; k = 1; return b * a[k];',
    'a total with a sign':
      'var lp = x; lp -= x * y; lp = lp - sin(y); if (x > 0.0) { lp += x * x; } return 2.0 * y - lp;',
    'a total that is not one': 'var lp = x; lp += x * y; let half = 0.5 * lp; lp += half * half; return lp;',
    'a total with a variable that changes after the loop':
      'var lp = 0.0; var v = x; for (var i = 0; i < 3; i++) { lp += v * v * y; } v = sin(v); lp += v; return lp;',
    'a total with a variable that changes in the loop':
      'var lp = 0.0; var v = x; for (var i = 0; i < 4; i++) { v = v * y + 0.1; lp += v * v; } return lp;',
    'a total and a loop inside a loop':
      'var lp = 0.0; for (var i = 0; i < 3; i++) { var m = x; for (var j = 0; j < 2; j++) { m = m * y + f32(i); } lp += m * m; for (var j = 0; j < 2; j++) { lp += sin(x * f32(j)) * m; } } return lp;',
    'a total left by a return':
      'var lp = 0.0; for (var i = 0; i < 5; i++) { lp += x * f32(i) * y; if (i == 2) { return lp - y; } } return lp + x;',
    'a guard behind a loop':
      'var lp = 0.0; for (var i = 0; i < 3; i++) { lp += sin(x * y); } if (x > 0.0) { return 3.0; } return lp;',
    'a branch not taken with an infinite derivative': 'return select(log(x - x) * y, x * y, x > 0.0);',
    'an integer loop of while': 'var s = x; var i = 0; while (i < 4) { i++; s = s * y + f32(i); } return s;',
    'one variable as two arguments': 'return two(x, x) * two(y, x);',
    'helpers with loops': 'return power(x * y, 3) + power(sin(x), 2);',
  };
  const helpers = `${helper}
fn two(a: f32, b: f32) -> f32 { var s = a; s *= b; return s + sin(a); }
fn power(a: f32, n: i32) -> f32 { var s = 1.0; for (var i = 0; i < 5; i++) { if (i < n) { s *= a; } } return s; }`;
  for (const [name, body] of Object.entries(more)) it(name, () => expect_agreement(scalar(body, [1.3, 0.7], helpers)));
});

describe('values', () => {
  for (const [name, body] of Object.entries(value_cases)) {
    it(name, () =>
      expect_agreement({
        source: `fn make(s: f32, i: Inner) -> Inner { var m = i; m.a = s * i.a; m.v.z = m.a * s; return m; }
fn f(given: Outer, x: f32) -> Outer { var o = given; ${body} }`,
        declarations: value_declarations,
        entry: 'f',
        active: [true, true],
        inputs: [outer, 1.7],
      }),
    );
  }
});

describe('rules', () => {
  for (const [expression, grid] of Object.entries(rule_grids)) {
    it(expression, () => {
      const points = grid.reduce<number[][]>((all, axis) => all.flatMap((p) => axis.map((x) => [...p, x])), [[]]);
      for (const point of points) expect_agreement(scalar(`return ${expression};`, point));
    });
  }
  for (const [name, body] of Object.entries(vector_bodies)) {
    it(name, () =>
      expect_agreement({
        source: `fn f(a: vec3f, b: vec3f, x: f32) -> vec3f { ${body} }`,
        entry: 'f',
        active: [true, true, true],
        inputs: [[0.3, -1.2, 2.1], [1.1, 0.4, -0.7], 0.6],
      }),
    );
  }
});

describe('log densities', () => {
  for (const [name, c] of Object.entries(log_densities)) it(name, () => expect_agreement(c));
  it('a Gaussian process with a Cholesky factor in a local array', () => expect_agreement(gaussian_process(5)));
});

describe('how it is called', () => {
  it('multiplies by the seed and adds to what is there', () => {
    const c = scalar('return x * x * y;', [3, 5]);
    const once = run_reversed(c).gradients[0] as number[];
    const twice = run_reversed(
      scalar('return g(x, y) + g(x, y);', [3, 5], 'fn g(x: f32, y: f32) -> f32 { return x * x * y; }'),
    );
    expect(once).toEqual([30, 9]);
    expect(twice.gradients[0]).toEqual([60, 18]);
  });

  it('leaves the integers of an adjoint alone and reads data of module scope', () => {
    const { gradients } = run_reversed({
      source:
        'fn f(s: S) -> f32 { var lp = 0.0; for (var i = 0u; i < data_length; i++) { lp += data[i].y * s.a * f32(s.n); } return lp; }',
      declarations:
        'struct S { a: f32, n: i32 }\nstruct Row { y: f32 }\n@group(0) @binding(10) var<storage, read> data: array<Row>;\nconst data_length = 3u;',
      entry: 'f',
      active: [true],
      inputs: [{ a: 2, n: 4n }],
      variables: { data: [{ y: 1 }, { y: 10 }, { y: 100 }] },
    });
    expect(gradients).toEqual([[444]]);
  });
});
