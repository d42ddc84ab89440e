// Acceptance: generated tangents equal central differences in float64 (harness.ts) within 1e-8·(1 + |d|) plus the truncation that the two
// step widths show; the values of generated and original code differ by reassociation only, 1e-12 relative. Hand cases equal the formula.

import { describe, expect, it } from 'vitest';
import { differentiate } from '../../src/autodiff/differentiate.ts';
import { list_functions } from '../../src/autodiff/program.ts';
import {
  outer,
  rule_grids,
  scalar,
  statement_bodies,
  value_cases,
  value_declarations,
  vector_bodies,
} from './cases.ts';
import { type Case, compare, run_generated } from './harness.ts';

function expect_agreement(c: Case): void {
  const result = compare(c);
  result.value.forEach((value, r) => {
    const generated = result.generated_value[r] as number;
    expect(Math.abs(generated - value), result.wgsl).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(value)));
    result.differences[r]?.forEach((difference, k) => {
      const tangent = result.tangents[r]?.[k] as number;
      const bound = 1e-8 * (1 + Math.abs(difference)) + (result.uncertainty[r]?.[k] as number);
      expect(Math.abs(tangent - difference), `result ${r}, direction ${k}\n${result.wgsl}`).toBeLessThanOrEqual(bound);
    });
  });
}

describe('statements', () => {
  for (const [name, body] of Object.entries(statement_bodies)) {
    it(name, () => expect_agreement(scalar(body, [1.3, 0.7], 'fn helper(a: f32) -> f32 { return a * a; }')));
  }

  it('names of module scope, of the library and of generated types', () => {
    const more = `const k = 2.0;
struct Dual_f32 { Tangent: f32 }
fn logit(a: f32) -> f32 { return a * a * k; }
fn f_d(a: Dual_f32) -> f32 { let k = k * a.Tangent; return k * logit(k) + log1p(k); }`;
    expect_agreement(
      scalar('let logit = Dual_f32(logit(x)); return f_d(logit) * pow(0.0, y) + 1e-1 * x;', [1.3, 0.7], more),
    );
  });

  it('names of builtins', () => {
    const body =
      'let step = x * x; let exp = y; var min = exp * step; var i = 1; var a = array(x, y); return min * a[i];';
    expect_agreement(scalar(body, [1.3, 0.7]));
  });
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

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 16])('carries %i lanes', (width) => {
    expect_agreement({
      source: `fn f(a: array<f32, ${width}>, x: f32) -> f32 {
  var s = x;
  for (var i = 0; i < ${width}; i++) { s = max(s * 0.5, sin(s) - a[i]) + select(a[i], -s, s > 0.3) - a[i] * a[i]; }
  return s;
}`,
      entry: 'f',
      active: [true, false],
      inputs: [Array.from({ length: width }, (_, i) => Math.sin(3 * i + 1)), 0.9],
    });
  });
});

describe('flat points', () => {
  const slopes: [string, number][] = [
    ['sqrt(max(x, 0.0))', -1],
    ['sqrt(max(x, 0.0))', 0],
    ['length(vec2f(x, 0.0) * x)', 0],
    ['pow(max(x, 0.0), 0.5)', -1],
    ['pow(x, 2.0)', 0],
    ['select(log(x), x * 0.0, x <= 0.0)', -1],
  ];
  it.each(slopes)('%s has slope 0 at %d, not NaN', (expression, x) => {
    const { tangents } = compare(scalar(`return ${expression};`, [x]));
    expect(tangents[0]?.[0]).toBeCloseTo(0, 12);
  });
});

describe('what is generated', () => {
  const build = (source: string, active: boolean[], width = 2) =>
    differentiate({ source, declarations: '', width, entries: [{ name: 'f', active }] }).wgsl;

  it('clamps every index that is not a constant, in primal and tangent code', () => {
    const wgsl = build(
      'fn f(a: array<f32, 5>, i: i32, j: u32) -> f32 { var b = a; b[i] = b[j] * a[3]; return b[i]; }',
      [true, false, false],
    );
    const indices = [...wgsl.matchAll(/\[([^\]]*)\]/g)].map((match) => match[1]);
    expect(new Set(indices)).toEqual(new Set(['min(u32(i), 4u)', 'min(j, 4u)', '3']));
  });

  it('keeps an index out of range inside the array', () => {
    const source = 'fn f(a: array<f32, 3>, i: f32) -> f32 { return a[i32(i)] * a[i32(-i)]; }';
    const { tangents } = run_generated({ source, entry: 'f', active: [true, false], inputs: [[2, 3, 5], 99] });
    expect(tangents).toEqual([[0, 0, 10]]);
  });

  it('clamps an index into a runtime-sized array of the declarations', () => {
    const { wgsl } = differentiate({
      source: 'fn f(x: f32, i: i32) -> f32 { return data[i].y * x + data[0].y; }',
      declarations: 'struct Row { y: f32 }\n@group(0) @binding(1) var<storage, read> data: array<Row>;',
      width: 1,
      entries: [{ name: 'f', active: [true, false] }],
    });
    expect(wgsl).toContain('@group(0) @binding(1) var<storage, read> data: array<Row>;');
    expect(wgsl).toContain('data[min(u32(i), arrayLength(&data) - 1u)].y * x_d');
  });

  it('adds no tangent code for what does not depend on active arguments', () => {
    const wgsl = build(
      'fn g(a: f32) -> f32 { return exp(a); } fn f(x: f32, y: f32) -> f32 { let z = g(y); return x * z; }',
      [true, false],
    );
    expect(wgsl).not.toContain('g_d');
    expect(wgsl).not.toContain('z_d');
    expect(wgsl).toContain('return Dual_f32(x * z, z * x_d);');
  });

  it('makes one helper per pattern of active arguments', () => {
    const source = `fn g(a: f32, b: f32) -> f32 { return a * b; }
fn f(x: f32, y: f32) -> f32 { return g(x, y) + g(x, 1.0) + g(2.0, x) + g(x, 3.0); }`;
    expect([...build(source, [true, false]).matchAll(/fn (g_d_\d+)/g)].map((m) => m[1])).toEqual(['g_d_10', 'g_d_01']);
  });

  it('gives an entry that does not depend on its active arguments a zero tangent', () => {
    expect(build('fn f(x: f32) -> f32 { return floor(x); }', [true])).toContain('Dual_f32(floor(x), Tangent())');
  });

  it('calls an entry from another entry', () => {
    const source = 'fn g(x: f32) -> f32 { return f(x) * x; } fn f(x: f32) -> f32 { return x * x; }';
    const entries = ['g', 'f'].map((name) => ({ name, active: [true] }));
    const { wgsl } = differentiate({ source, declarations: '', width: 1, entries });
    expect([...wgsl.matchAll(/fn (\w+)/g)].map((m) => m[1])).toEqual(['g', 'f', 'g_d', 'f_d']);
  });

  it('emits only the primal at width 0, and imports only what is used', () => {
    const wgsl = build('import package::lib::special::logit;\nfn f(x: f32) -> f32 { return log_gamma(x); }', [true], 0);
    expect(wgsl).toBe(
      'import package::lib::log_gamma::log_gamma;\n\nfn f(x: f32) -> f32 {\n  return log_gamma(x);\n}\n',
    );
  });

  it('does not grow exponentially', () => {
    const deep = Array.from({ length: 12 }).reduce<string>(
      (inner) => `sin(${inner}) * exp(${inner.length > 400 ? 'x' : inner})`,
      'x',
    );
    expect(build(`fn f(x: f32) -> f32 { return ${deep}; }`, [true]).length).toBeLessThan(40 * deep.length);
  });

  it('lists functions', () => {
    const source = '// one\nfn a(x: f32, v: array<f32, 2>) -> State { return s; }\n  fn b() {}';
    const a = {
      name: 'a',
      parameters: [
        { name: 'x', type: 'f32' },
        { name: 'v', type: 'array<f32, 2>' },
      ],
      result: 'State',
    };
    expect(list_functions(source)).toEqual([
      { ...a, line: 2, column: 4 },
      { name: 'b', parameters: [], result: '', line: 3, column: 6 },
    ]);
  });
});
