// Acceptance: generated tangents equal central differences in float64 (harness.ts) within 1e-8·(1 + |d|) plus the truncation that the two
// step widths show; the values of generated and original code differ by reassociation only, 1e-12 relative. Hand cases equal the formula.

import { describe, expect, it } from 'vitest';
import { differentiate } from '../../src/autodiff/differentiate.ts';
import { list_functions } from '../../src/autodiff/program.ts';
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

const scalar = (body: string, inputs: number[], more = ''): Case => ({
  source: `${more}\nfn f(${inputs.map((_, i) => `${'xyzuvw'[i]}: f32`).join(', ')}) -> f32 {\n${body}\n}`,
  entry: 'f',
  active: inputs.map(() => true),
  inputs,
});

describe('statements', () => {
  const bodies: Record<string, string> = {
    'compound assignment': 'var s = x; s += y; s *= x; s -= y * y; s /= 2.0 + y; s %= 0.7; return s;',
    'a variable without a value': 'var s: f32; s += x; var q: vec2f; q.y = s * y; return q.x + q.y;',
    'shadowing in a block': 'let s = x; { let s = s * y; if (s > 0.0) { return s * x; } } return s;',
    'a parameter shadowed inside an if': 'if (x > 0.0) { let x = x * x * y; return x; } return y;',
    'early return': 'if (x > 100.0) { return x; } else if (y > 0.0) { return sin(x * y); } return x;',
    'a for loop that counts': 'var s = x; for (var i = 0; i < 4; i++) { s = s * y + f32(i); } return s;',
    'continue in a for loop with an active header':
      'var s = 0.0; for (var a = x; a < 9.0; a = a * 1.5 + y) { if (s > 3.0) { continue; } s += a * y; } return s;',
    'a body that hides a name of the header':
      'var s = 0.0; for (var a = x; a < 9.0; a *= 1.7) { let a = y * y; s += a; } return s * x;',
    'break in a for loop with an active header':
      'var s = 1.0; for (var a = x; ; a += y) { if (a > 5.0) { break; } s *= a; } return s;',
    'while and break': 'var s = x; while (s < 20.0) { s = s * s + y; if (s > 15.0) { break; } } return s;',
    'loop, continuing, break if':
      'var s = x; var i = 0; loop { if (i == 2) { continue; } s += y * s; continuing { s *= 1.1; i++; break if i > 4; } } return s;',
    switch: 'var i = i32(x * 0.0) + 2; var s = y; switch i { case 1, 2: { s *= x; } default: { s = 0.0; } } return s;',
    'switch with break and default among the selectors':
      'var s = y; switch 7 { case 1: { s = 2.0; } case 3, default { s = s * x; if (s > 0.0) { break; } s = 1.0; } } return s;',
    'a variable that becomes passive again': 'var s = x; s = 2.0; s = s * y; return s;',
    'a local const and an assertion':
      'const n = 3; const_assert n > 2; var a: array<f32, n>; a[n - 1] = x * y; return a[2];',
    'phony assignment and a call as a statement': '_ = x; helper(x); return helper(x) * y;',
    'names that generated code would use':
      'let x_d = y; let Tangent = x_d * x; let t_1 = sin(x * y); return t_1 * Tangent;',
  };
  for (const [name, body] of Object.entries(bodies)) {
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
  const declarations = `struct Inner { a: f32, v: vec3f }
struct Outer { inner: Inner, list: array<f32, 3>, count: i32, pairs: array<Inner, 2> }
alias Real = f32;`;
  const inner = (seed: number) => ({ a: seed, v: [seed + 0.1, seed - 0.2, seed * 0.3] });
  const outer = { inner: inner(1.1), list: [0.4, 0.5, 0.6], count: 2n, pairs: [inner(0.7), inner(0.8)] };
  const cases: Record<string, string> = {
    'nested structs and arrays':
      'o.pairs[1].v[2] = o.inner.a * x; o.list[o.count] *= x; o.inner.v.y += o.list[2]; return o;',
    'whole structs': 'let p = o.pairs[0]; o.inner = p; o.inner.a *= x; o.pairs = array(o.inner, p); return o;',
    constructors:
      'return Outer(Inner(x, vec3f(o.inner.v.xy, x * x)), array<f32, 3>(1, x, 2), 3, array(o.inner, Inner()));',
    'member of a call': 'o.inner.a = make(x, o.inner).a * make(x * x, o.inner).v.z; return o;',
    swizzles: 'let v = o.inner.v; let q = v.zx * v.yy + v.rg; o.inner.v = vec3(q, x).zyx; return o;',
    'splat and mixed': 'o.inner.v = vec3(x) * 2 - vec3f(1, o.inner.v.yz) / x; return o;',
    'index by a clamped integer':
      'o.list[i32(x * 1.1)] = x * x; o.inner.a = o.inner.v[u32(9.5) - 9u + u32(o.count)]; return o;',
    'vector compound':
      'o.inner.v *= x; o.inner.v /= vec3f(2.0, 3.0, x); o.inner.v -= o.pairs[0].v; o.inner.v += 1.0; return o;',
    'alias and conversion': 'let r: Real = Real(x) * f32(o.inner.a); o.list[0] = r; return o;',
  };
  for (const [name, body] of Object.entries(cases)) {
    it(name, () =>
      expect_agreement({
        source: `fn make(s: f32, i: Inner) -> Inner { var m = i; m.a = s * i.a; m.v.z = m.a * s; return m; }
fn f(given: Outer, x: f32) -> Outer { var o = given; ${body} }`,
        declarations,
        entry: 'f',
        active: [true, true],
        inputs: [outer, 1.7],
      }),
    );
  }
});

describe('rules', () => {
  // A grid inside each domain, away from kinks; one entry per argument.
  const unit_interval = [-0.8, -0.3, 0.2, 0.7];
  const positive = [0.3, 0.9, 1.4, 3.2];
  const any = [-2.3, -0.6, 0.4, 1.7];
  const grids: Record<string, number[][]> = {
    'x + y': [any, any],
    'x - y': [any, any],
    'x * y': [any, any],
    'x / y': [any, any],
    'x % y': [any, [0.7, -1.1]],
    '-x': [any],
    'abs(x)': [any],
    'sign(x)': [any],
    'min(x, y)': [any, [-1.1, 0.5]],
    'max(x, y)': [any, [-1.1, 0.5]],
    'clamp(x, y, z)': [any, [-1.1, -0.2], [0.3, 1.1]],
    'saturate(x)': [any],
    'select(x, y, x > y)': [any, [-1.1, 0.5]],
    'exp(x)': [any],
    'exp2(x)': [any],
    'log(x)': [positive],
    'log2(x)': [positive],
    'pow(x, y)': [positive, any],
    'pow(x, 2)': [positive],
    'pow(2.5, x)': [any],
    'sqrt(x)': [positive],
    'inverseSqrt(x)': [positive],
    'sin(x)': [any],
    'cos(x)': [any],
    'tan(x)': [[-1.2, 0.3, 1.1]],
    'asin(x)': [unit_interval],
    'acos(x)': [unit_interval],
    'atan(x)': [any],
    'atan2(x, y)': [any, any],
    'sinh(x)': [any],
    'cosh(x)': [any],
    'tanh(x)': [any],
    'asinh(x)': [any],
    'acosh(x)': [[1.2, 2.0, 5.0]],
    'atanh(x)': [unit_interval],
    'floor(x) + ceil(x) + round(x) + trunc(x)': [any],
    'fract(x)': [any],
    'fma(x, y, z)': [any, any, any],
    'mix(x, y, z)': [any, any, any],
    'step(x, y)': [any, [-1.1, 0.5]],
    'smoothstep(x, y, z)': [
      [-1.5, -0.7],
      [1.3, 0.9],
      [-2.0, 0.2, 0.5, 3.0],
    ],
    'degrees(x) + radians(x)': [any],
    'f32(i32(x * 3.0)) * x': [any],
    'log_gamma(x)': [[0.2, 1.0, 2.5, 3.7, 20.0]],
    'log1p(x)': [[-0.5, 0.1, 3.0]],
    'expm1(x)': [any],
    'log_add_exp(x, y)': [any, any],
    'inverse_logit(x)': [any],
    'logit(x)': [[0.1, 0.5, 0.8]],
    'normal_log_density(x, y, z)': [any, any, positive],
    'poisson_log_density(3.0, x) + poisson_log_density(0.0, x)': [positive],
    'poisson_log_density(y, x)': [positive, positive],
    'negative_binomial_log_density(x, y, z)': [positive, positive, [0.3, 2.0, 50.0]],
    'negative_binomial_log_density(0.0, x, y)': [positive, positive],
    'binomial_log_density(x, y, z)': [positive, [5.0, 9.5], [0.2, 0.7]],
    'binomial_log_density(0.0, 4.0, x) + binomial_log_density(4.0, 4.0, x)': [[0.2, 0.7]],
    'student_t_log_density(x, y, z, u)': [any, [0.8, 4.0, 30.0], [0.1], [0.4, 2.0]],
  };
  for (const [expression, grid] of Object.entries(grids)) {
    it(expression, () => {
      const points = grid.reduce<number[][]>((all, axis) => all.flatMap((p) => axis.map((x) => [...p, x])), [[]]);
      for (const point of points) expect_agreement(scalar(`return ${expression};`, point));
    });
  }

  const vectors: Record<string, string> = {
    'component-wise built-ins':
      'return sin(a) * exp(b) + mix(a, b, x) + clamp(a, vec3f(-1.0), b) + select(a, b, a > b);',
    'scalar with vector': 'return x * a - b / x + 2 * a + max(a, vec3f(x)) + select(a, b, x > 0.0);',
    'dot, length, distance': 'return vec3f(dot(a, b), length(a) + length(x), distance(a, b) * distance(x, a.y));',
    'normalize and cross': 'return normalize(a * x) + cross(a, b * x);',
    'smoothstep and pow': 'return smoothstep(a - 3.0, b + 3.0, vec3f(x)) + pow(abs(a) + 0.5, b);',
    'unary minus and remainder': 'return -a % vec3f(0.7, 1.1, 0.4) - -b;',
  };
  for (const [name, body] of Object.entries(vectors)) {
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
