/** Small programs that forward and reverse mode are both tested on. */

import type { Case } from './harness.ts';

/** A function f of up to six numbers, all of them active. */
export const scalar = (body: string, inputs: number[], more = ''): Case => ({
  source: `${more}\nfn f(${inputs.map((_, i) => `${'xyzuvw'[i]}: f32`).join(', ')}) -> f32 {\n${body}\n}`,
  entry: 'f',
  active: inputs.map(() => true),
  inputs,
});

/** Bodies of f(x, y); `helper(a)` is in scope. */
export const statement_bodies: Record<string, string> = {
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

/** Declarations and the first argument of the programs in value_cases. */
export const value_declarations = `struct Inner { a: f32, v: vec3f }
struct Outer { inner: Inner, list: array<f32, 3>, count: i32, pairs: array<Inner, 2> }
alias Real = f32;`;
const inner = (seed: number) => ({ a: seed, v: [seed + 0.1, seed - 0.2, seed * 0.3] });
export const outer = { inner: inner(1.1), list: [0.4, 0.5, 0.6], count: 2n, pairs: [inner(0.7), inner(0.8)] };

/** Bodies of a function of `given: Outer` and x that returns an Outer; `var o = given` comes before. */
export const value_cases: Record<string, string> = {
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

// A grid inside each domain, away from kinks; one entry per argument.
const unit_interval = [-0.8, -0.3, 0.2, 0.7];
const positive = [0.3, 0.9, 1.4, 3.2];
const any = [-2.3, -0.6, 0.4, 1.7];
/** Expressions with, per argument, the values to try. */
export const rule_grids: Record<string, number[][]> = {
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

/** Bodies of a function of a: vec3f, b: vec3f and x: f32 that returns a vec3f. */
export const vector_bodies: Record<string, string> = {
  'component-wise built-ins': 'return sin(a) * exp(b) + mix(a, b, x) + clamp(a, vec3f(-1.0), b) + select(a, b, a > b);',
  'scalar with vector': 'return x * a - b / x + 2 * a + max(a, vec3f(x)) + select(a, b, x > 0.0);',
  'dot, length, distance': 'return vec3f(dot(a, b), length(a) + length(x), distance(a, b) * distance(x, a.y));',
  'normalize and cross': 'return normalize(a * x) + cross(a, b * x);',
  'smoothstep and pow': 'return smoothstep(a - 3.0, b + 3.0, vec3f(x)) + pow(abs(a) + 0.5, b);',
  'unary minus and remainder': 'return -a % vec3f(0.7, 1.1, 0.4) - -b;',
};
