// Acceptance: what reverse mode cannot go back through is refused with the line and column of the author's text and what to do; equality
// of text. What both modes refuse is in refusals.test.ts; here a few of those show that reverse mode refuses them in the same words.

import { expect, it } from 'vitest';
import { reverse_differentiate } from '../../src/autodiff/reverse/reverse_differentiate.ts';
import { SourceError } from '../../src/autodiff/source_error.ts';
import { scalar, statement_bodies } from './cases.ts';

function message(source: string, active = [true, false]): string {
  try {
    reverse_differentiate({ source, declarations: '', entries: [{ name: 'f', active }], unroll: 0 });
  } catch (error) {
    if (error instanceof SourceError) return error.message;
    throw error;
  }
  return 'accepted';
}

/** A function body on line 2, its first character in column 1. */
const body = (text: string) => `fn f(x: f32, n: i32) -> f32 {\n${text}\nreturn x; }`;

const uncounted =
  'reverse mode needs the number of iterations of this loop, which depends on more than constants and counters. Use a for loop with constant bounds, or let no iteration need what the one before computed.';
const too_long = (count: number) =>
  `reverse mode would have to store ${count} numbers for the iterations up to this loop, more than 16384. Write each element of an array once, or hand fewer variables from one iteration to the next.`;

const refused: [source: string, expected: string][] = [
  [body('var s = x; for (var i = 0; i < n; i++) { s = s * s; } return s;'), `line 2, column 12: ${uncounted}`],
  [body('var s = x; while (s < 9.0) { s = s * s + 1.0; } return s;'), `line 2, column 12: ${uncounted}`],
  [
    body('var s = x;\nfor (var i = 0; i < 3; i++) {\n  for (var j = 0; j < n; j++) { s = sin(s); }\n} return s;'),
    `line 4, column 3: ${uncounted}`,
  ],
  [
    body('var s = x; for (var i = 0; i < 20000; i++) { s = sin(s); } return s;'),
    `line 2, column 12: ${too_long(20000)}`,
  ],
  [
    body(
      'var a: array<f32, 100>; a[0] = x; for (var i = 1; i < 200; i++) { a[i % 100] = sin(a[(i + 7) % 100]); } return a[0];',
    ),
    `line 2, column 35: ${too_long(19900)}`,
  ],
  [
    body('return ldexp(x, 2);'),
    'line 2, column 8: `ldexp` has no derivative here. Write the value with arithmetic and the elementary functions, or apply it to constants and data only.',
  ],
  [
    body('return digamma(x);'),
    'line 2, column 16: `digamma` has no derivative with respect to this argument. Pass a value that depends on no parameter or state.',
  ],
  [
    body('const c = x; return c;'),
    'line 2, column 11: a const cannot depend on the arguments. Write let instead of const.',
  ],
  [
    'fn f(a: f32, b: f32) -> i32 { return 1; }',
    'line 1, column 4: `f` returns no f32. Return an f32, or a struct or array of f32.',
  ],
  ['fn g() {}', 'line 1, column 1: there is no function `f`. Write it; the model needs it.'],
];

it.each(refused)('%s', (source, expected) => {
  expect(message(source)).toBe(expected);
});

const accepted = {
  'a loop of unknown length that only adds up':
    'var s = 0.0; for (var i = 0; i < n; i++) { s += x * f32(i); } return s * s;',
  'a loop of unknown length with values of its own':
    'var s = 0.0; for (var i = 0; i < n; i++) { let a = sin(x * f32(i)); s += a * a; } return s * s;',
  'a recursion of unknown length that does not depend on the active argument':
    'var s = 1.0; for (var i = 0; i < n; i++) { s = s * s + 1.0; } return s * x;',
  'a long loop that hands nothing on': 'var s = 0.0; for (var i = 0; i < 100000000; i++) { s += sin(x); } return s;',
};
it.each(Object.entries(accepted))('accepts %s', (_, text) => {
  expect(message(body(text))).toBe('accepted');
});

it('refuses the loops that end by a condition on floats', () => {
  const names = Object.entries(statement_bodies).flatMap(([name, text]) => {
    const { source, active } = scalar(text, [1, 1], 'fn helper(a: f32) -> f32 { return a; }');
    return message(source, [...active]) === 'accepted' ? [] : [name];
  });
  expect(names).toEqual([
    'continue in a for loop with an active header',
    'break in a for loop with an active header',
    'while and break',
  ]);
});
