/** The integers and booleans that are known at a point of a run (trace.ts), and what evaluating an expression reads. */

import type { AbstractElem, DeclIdent, ExpressionElem } from 'wesl/core';
import { evalConstExpr, scalarToNumber } from 'wesl/core';
import type { Program } from '../program.ts';
import { assigned_in } from './assigned.ts';
import { evaluate_known, type Known } from './integers.ts';
import { region_of, type Storage } from './storage.ts';

/** Fewest and most of something; null where some values were not known. */
export type Ranges = Map<AbstractElem, { low: number; high: number } | null>;

export function widen(ranges: Ranges, key: AbstractElem, value: Known): void {
  const before = ranges.get(key);
  if (before === null) return;
  if (typeof value !== 'number') ranges.set(key, null);
  else ranges.set(key, { low: Math.min(value, before?.low ?? value), high: Math.max(value, before?.high ?? value) });
}

/** Steps after which a run is given up: about a second. */
const most_steps = 3_000_000;

export class OutOfSteps extends Error {}

export interface TraceValues {
  /** Evaluates; what it reads of local variables goes to the storage, indices to `ranges`. */
  value_of(e: ExpressionElem): Known;
  known(decl: DeclIdent): Known;
  set(decl: DeclIdent, value: Known): void;
  write(lhs: ExpressionElem, value: Known): void;
  /** Runs each from here. Afterwards is known what is the same at the end of all those for which `run` gave true. */
  after_all(runs: readonly (() => boolean)[]): void;
  /** What is assigned in `s` is not known any more. */
  forget(s: AbstractElem): void;
  /** Counts a step of the run; throws OutOfSteps. */
  step(): void;
  /** Values of indices. */
  ranges: Ranges;
}

export function create_trace_values(program: Program, storage: Storage): TraceValues {
  const ranges: Ranges = new Map();
  const constants = new Map<DeclIdent, Known>();
  let values = new Map<DeclIdent, Known>();
  let steps = 0;

  function step(): void {
    if (++steps > most_steps) throw new OutOfSteps();
  }

  function value_of(e: ExpressionElem): Known {
    step();
    return evaluate_known(program, e, leaf);
  }

  function leaf(e: ExpressionElem): Known {
    step();
    const region = region_of(program, e, index_of);
    if (region) storage.read(region);
    else if (e.kind === 'component-expression' || e.kind === 'component-member-expression') value_of(e.base);
    else if (e.kind === 'call-expression') e.arguments.forEach(value_of);
    if (e.kind !== 'ref') return undefined;
    const decl = program.decl_of(e.ident);
    if (!decl) return undefined;
    return decl.declElem?.kind === 'const' ? constant(decl, e) : values.get(decl);
  }

  function constant(decl: DeclIdent, e: ExpressionElem): Known {
    if (!constants.has(decl)) constants.set(decl, constant_integer(program, e));
    return constants.get(decl);
  }

  function index_of(access: ExpressionElem): Known {
    const index = value_of(access);
    widen(ranges, access, index);
    return index;
  }

  return {
    value_of,
    known: (decl) => values.get(decl),
    set: (decl, value) => values.set(decl, value),
    write(lhs, value) {
      const region = region_of(program, lhs, index_of);
      if (!region) return;
      storage.write(region);
      values.set(region.decl, lhs.kind === 'ref' ? value : undefined);
    },
    after_all(runs) {
      const before = values;
      const ends: Map<DeclIdent, Known>[] = [];
      for (const run of runs) {
        values = new Map(before);
        if (run()) ends.push(values);
      }
      values = ends[0] ?? before;
      for (const end of ends.slice(1))
        for (const [decl, value] of values) if (end.get(decl) !== value) values.set(decl, undefined);
    },
    forget(s) {
      for (const decl of assigned_in(program, s).keys()) values.set(decl, undefined);
    },
    step,
    ranges,
  };
}

/** The value of a const, where it is an integer. */
export function constant_integer(program: Program, e: ExpressionElem): Known {
  const type = program.type_of(e);
  if (type.kind !== 'scalar' || !/int|i32|u32/.test(type.scalar)) return undefined;
  const value = evalConstExpr(e, program.context);
  return value ? scalarToNumber(value) : undefined;
}
