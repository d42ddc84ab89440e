/**
 * Runs a function on its integers alone, loop by loop, when the code is generated: indices and trip counts of numerical code depend on constants
 * and loop counters, seldom on floats. What it learns is exact where everything was known, and on the safe side elsewhere:
 * a branch whose condition is not known is taken both ways, an index that is not known is every index.
 */

import type { AbstractElem, DeclIdent, ExpressionElem, FnElem, Statement } from 'wesl/core';
import { visitAst } from 'wesl/core';
import type { Program } from '../program.ts';
import { type Known, known_binary } from './integers.ts';
import { create_storage } from './storage.ts';
import { create_trace_values, OutOfSteps, type Ranges, widen } from './trace_values.ts';

export interface Range {
  low: number;
  high: number;
}

export interface Trace {
  /** Variables of which no scalar changes after it was read, other than by the `+=` and `-=` themselves. */
  settled: ReadonlySet<DeclIdent>;
  /** Variables of which no scalar is written twice. */
  written_once: ReadonlySet<DeclIdent>;
  /** Values that an index takes; undefined where some are not known. */
  range_of(access: ExpressionElem): Range | undefined;
  /** Fewest and most iterations of a loop, over all times it is reached; undefined where not known. */
  trips_of(loop: AbstractElem): Range | undefined;
}

type Signal = 'next' | 'break' | 'continue' | 'return';
type Loop = Extract<Statement, { kind: 'for' | 'while' | 'loop' }>;

export function trace_function(program: Program, fn: FnElem): Trace {
  const storage = create_storage();
  const values = create_trace_values(program, storage);
  const { value_of, write, forget } = values;
  const trips: Ranges = new Map();
  /** Set by a jump under a condition that is not known, until the statement it leaves has ended. */
  const maybe = { break: false, continue: false };

  function run(list: readonly Statement[]): Signal {
    for (const s of list) {
      const signal = execute(s);
      if (signal !== 'next') return signal;
    }
    return 'next';
  }

  function execute(s: Statement): Signal {
    values.step();
    switch (s.kind) {
      case 'let':
      case 'var': {
        const { ident } = s.name.decl;
        const value = s.init && value_of(s.init);
        const type = program.type_of_decl(ident);
        if (s.kind === 'var') storage.declare(ident, type, s.init !== undefined);
        const zero =
          type.kind === 'scalar' ? (type.scalar === 'bool' ? false : type.scalar === 'f32' ? undefined : 0) : undefined;
        values.set(ident, s.init ? value : zero);
        return 'next';
      }
      case 'assign': {
        const right = value_of(s.rhs);
        if (s.lhs.kind === 'phony') return 'next';
        const operator = s.op.value.slice(0, -1);
        if (operator === '') write(s.lhs, right);
        else if (operator === '+' || operator === '-') {
          const root = s.lhs.kind === 'ref' ? program.decl_of(s.lhs.ident) : undefined;
          const before = root && values.known(root);
          write(s.lhs, known_binary(operator, before, right, program.type_of(s.lhs)));
        } else write(s.lhs, known_binary(operator, value_of(s.lhs), right, program.type_of(s.lhs)));
        return 'next';
      }
      case 'increment':
      case 'decrement': {
        const operator = s.kind === 'increment' ? '+' : '-';
        write(s.target, known_binary(operator, value_of(s.target), 1, program.type_of(s.target)));
        return 'next';
      }
      case 'call':
        value_of(s.call);
        return 'next';
      case 'block':
        return run(s.body);
      case 'if':
        return branch(value_of(s.condition), [() => run(s.body.body), () => (s.else ? execute(s.else) : 'next')]);
      case 'switch':
        return choose(s);
      case 'for':
      case 'while':
      case 'loop':
        return repeat(s);
      case 'return':
        if (s.value) value_of(s.value);
        return 'return';
      case 'break':
        return s.condition ? branch(value_of(s.condition), [() => 'break', () => 'next']) : 'break';
      case 'continue':
        return 'continue';
      default:
        return 'next';
    }
  }

  /** The first way where the condition holds, the second where not. */
  function branch(condition: Known, [yes, no]: readonly [() => Signal, () => Signal]): Signal {
    if (typeof condition === 'boolean') return condition ? yes() : no();
    return every_way([yes, no]);
  }

  function every_way(ways: readonly (() => Signal)[]): Signal {
    const signals: Signal[] = [];
    values.after_all(
      ways.map((way) => () => {
        const signal = way();
        signals.push(signal);
        if (signal === 'break' || signal === 'continue') maybe[signal] = true;
        return signal === 'next';
      }),
    );
    return (['next', 'continue', 'break', 'return'] as const).find((signal) => signals.includes(signal)) ?? 'next';
  }

  function choose(s: Extract<Statement, { kind: 'switch' }>): Signal {
    const selector = value_of(s.selector);
    const outer = maybe.break;
    maybe.break = false;
    const is_default = (c: (typeof s.clauses)[number]) => c.selectors.includes('default');
    let signal: Signal;
    if (typeof selector === 'number') {
      const matches = (c: (typeof s.clauses)[number]) =>
        c.selectors.some((x) => x !== 'default' && value_of(x) === selector);
      const clause = s.clauses.find(matches) ?? s.clauses.find(is_default);
      signal = clause ? run(clause.body.body) : 'next';
    } else {
      const ways = s.clauses.map((c) => () => run(c.body.body));
      signal = every_way(
        ways.map((way) => () => {
          const ended = way();
          return ended === 'break' ? 'next' : ended;
        }),
      );
    }
    if (maybe.break || typeof selector !== 'number') forget(s);
    maybe.break = outer;
    return signal === 'break' ? 'next' : signal;
  }

  function repeat(s: Loop): Signal {
    const outer = { ...maybe };
    maybe.break = false;
    if (s.kind === 'for' && s.init) execute(s.init as Statement);
    let count = 0;
    let signal: Signal = 'next';
    for (;;) {
      const condition = s.kind !== 'loop' && s.condition ? value_of(s.condition) : true;
      if (condition === false) break;
      if (condition === undefined) {
        signal = repeat_unknown(s);
        count = Number.NaN;
        break;
      }
      const ended = iterate(s);
      count++;
      if (ended === 'break') break;
      if (ended === 'return') {
        signal = 'return';
        break;
      }
    }
    if (maybe.break) forget(s);
    widen(trips, s, Number.isNaN(count) ? undefined : count);
    Object.assign(maybe, outer);
    return signal;
  }

  /** Twice, so that what an iteration leaves to the next is seen. */
  function repeat_unknown(s: Loop): Signal {
    for (let i = 0; i < 2; i++) {
      forget(s);
      const once = (): Signal => {
        iterate(s);
        return 'next';
      };
      every_way([once, () => 'next']);
    }
    forget(s);
    return 'next';
  }

  function iterate(s: Loop): Signal {
    maybe.continue = false;
    const last = s.body.body.at(-1);
    const continuing = last?.kind === 'continuing' ? last : undefined;
    const signal = run(continuing ? s.body.body.slice(0, -1) : s.body.body);
    if (maybe.continue) forget(s.body);
    if (signal === 'break' || signal === 'return') return signal;
    if (s.kind === 'for' && s.update) execute(s.update as Statement);
    return continuing ? run(continuing.body.body) : 'next';
  }

  let is_complete = true;
  try {
    run(fn.body.body);
  } catch (error) {
    if (!(error instanceof OutOfSteps)) throw error;
    is_complete = false;
  }
  const variables = new Set<DeclIdent>();
  visitAst(fn.body, (node) => {
    if (node.kind === 'var') variables.add(node.name.decl.ident);
  });
  const all_but = (some: ReadonlySet<DeclIdent>) =>
    new Set(is_complete ? [...variables].filter((decl) => !some.has(decl)) : []);
  return {
    settled: all_but(storage.changed_after_read),
    written_once: all_but(storage.rewritten),
    range_of: (access) => (is_complete ? (values.ranges.get(access) ?? undefined) : undefined),
    trips_of: (loop) => (is_complete ? (trips.get(loop) ?? undefined) : undefined),
  };
}
