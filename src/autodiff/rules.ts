/**
 * Derivatives of WGSL's operators and built-in functions, as WGSL. The letters a, b, c stand for the arguments in order
 * and r for the result; functions of vectors apply component by component. Only the partials of active arguments are emitted.
 *
 * Where a derivative is infinite although the value is finite (sqrt and length at 0, pow at 0) the rule gives 0 there, so
 * that `sqrt(max(x, 0.0))` has the gradient 0, not NaN, where it is flat. Where a branch is chosen (max, select, …) the tangent is
 * chosen too, not multiplied by 0, so that what happens in the branch not taken does not matter. Ties go to the first argument.
 *
 * No rule has a `<`: beside a later `>` a parser may take it for the start of a template list.
 */

/** One partial per argument. */
export const smooth_rules: Readonly<Record<string, readonly string[]>> = {
  '-x': ['-1.0'],
  '+': ['1.0', '1.0'],
  '-': ['1.0', '-1.0'],
  '*': ['b', 'a'],
  '/': ['1.0 / b', '-r / b'],
  '%': ['1.0', '-trunc(a / b)'],
  abs: ['sign(a)'],
  exp: ['r'],
  exp2: ['0.6931471805599453 * r'],
  log: ['1.0 / a'],
  log2: ['1.4426950408889634 / a'],
  pow: ['b * select(pow_or_nan(a, b - 1.0), 0.0, a == 0.0 && 1.0 > b)', 'select(0.0, r * log(a), a > 0.0)'],
  sqrt: ['select(0.0, 0.5 / r, r > 0.0)'],
  inverseSqrt: ['-0.5 * r / a'],
  sin: ['cos(a)'],
  cos: ['-sin(a)'],
  tan: ['1.0 + r * r'],
  asin: ['inverseSqrt(1.0 - a * a)'],
  acos: ['-inverseSqrt(1.0 - a * a)'],
  atan: ['1.0 / (1.0 + a * a)'],
  atan2: ['b / (a * a + b * b)', '-a / (a * a + b * b)'],
  sinh: ['cosh(a)'],
  cosh: ['sinh(a)'],
  tanh: ['1.0 - r * r'],
  asinh: ['inverseSqrt(a * a + 1.0)'],
  acosh: ['inverseSqrt(a * a - 1.0)'],
  atanh: ['1.0 / (1.0 - a * a)'],
  fract: ['1.0'],
  fma: ['b', 'a', '1.0'],
  mix: ['1.0 - c', 'c', 'b - a'],
  smoothstep: [
    '6.0 * saturate((c - a) / (b - a)) * (1.0 - saturate((c - a) / (b - a))) * (c - b) / ((b - a) * (b - a))',
    '6.0 * saturate((c - a) / (b - a)) * (1.0 - saturate((c - a) / (b - a))) * (a - c) / ((b - a) * (b - a))',
    '6.0 * saturate((c - a) / (b - a)) * (1.0 - saturate((c - a) / (b - a))) / (b - a)',
  ],
  degrees: ['57.29577951308232'],
  radians: ['0.017453292519943295'],
};

/** The tangent is that of one argument: `otherwise`, unless a condition holds; later conditions win. */
export interface Choice {
  otherwise: number;
  cases: readonly { when: string; take: number | 'zero' }[];
}

export const choice_rules: Readonly<Record<string, Choice>> = {
  max: { otherwise: 0, cases: [{ when: 'b > a', take: 1 }] },
  min: { otherwise: 0, cases: [{ when: 'a > b', take: 1 }] },
  clamp: {
    otherwise: 0,
    cases: [
      { when: 'b > a', take: 1 },
      { when: 'a > c', take: 2 },
    ],
  },
  saturate: { otherwise: 0, cases: [{ when: '0.0 > a || a > 1.0', take: 'zero' }] },
  select: { otherwise: 0, cases: [{ when: 'c', take: 1 }] },
};

/** Piecewise constant: the result is passive whatever the arguments are. */
export const flat_builtins: ReadonlySet<string> = new Set(['floor', 'ceil', 'round', 'trunc', 'sign', 'step']);

/** Builtins with a rule of their own in vector_rules.ts. */
export const vector_builtins: ReadonlySet<string> = new Set(['dot', 'length', 'distance', 'normalize', 'cross']);

/** Puts texts in place of the single letters of a rule. Every text must be a name, a path, a literal or in parentheses. */
export function substitute(rule: string, texts: Readonly<Record<string, string>>): string {
  return rule.replace(/\b[abcdr]\b/g, (letter) => texts[letter] ?? letter);
}

export function mentions(rule: string, letter: string): boolean {
  return new RegExp(`\\b${letter}\\b`).test(rule);
}
