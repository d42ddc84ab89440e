/** Which scalars of a local variable have been read and written, while trace.ts runs a function. */

import type { DeclIdent, ExpressionElem, Type } from 'wesl/core';
import type { Program } from '../program.ts';
import type { Known } from './integers.ts';
import { scalar_count, swizzle } from './types.ts';

/** Scalars offset … offset + length - 1 of a variable; an index that is not known stands for all elements. */
export interface Region {
  decl: DeclIdent;
  offset: number;
  length: number;
}

export interface Storage {
  /** A new instance of the variable, not yet read; `written` by its declaration or not. */
  declare(decl: DeclIdent, type: Type, written: boolean): void;
  read(region: Region): void;
  write(region: Region): void;
  /** Variables with a scalar that was written after it had been read. */
  changed_after_read: Set<DeclIdent>;
  /** Variables with a scalar that was written twice. */
  rewritten: Set<DeclIdent>;
}

/** Larger variables are followed as one. */
const most_scalars = 100_000;

export function create_storage(): Storage {
  const instances = new Map<DeclIdent, { read: Uint8Array; written: Uint8Array }>();
  const changed_after_read = new Set<DeclIdent>();
  const rewritten = new Set<DeclIdent>();
  const clip = (array: Uint8Array, { offset, length }: Region) =>
    array.length === 1 ? array : array.subarray(offset, offset + length);
  return {
    declare(decl, type, written) {
      const count = scalar_count(type);
      const size = count > most_scalars ? 1 : count;
      instances.set(decl, { read: new Uint8Array(size), written: new Uint8Array(size).fill(written ? 1 : 0) });
    },
    read(region) {
      const instance = instances.get(region.decl);
      if (instance) clip(instance.read, region).fill(1);
    },
    write(region) {
      const instance = instances.get(region.decl);
      if (!instance) return;
      if (clip(instance.read, region).includes(1)) changed_after_read.add(region.decl);
      const written = clip(instance.written, region);
      if (written.includes(1)) rewritten.add(region.decl);
      written.fill(1);
    },
    changed_after_read,
    rewritten,
  };
}

/** The part of a local variable that an expression names; undefined for other expressions. `index_of` evaluates an index. */
export function region_of(
  program: Program,
  e: ExpressionElem,
  index_of: (access: ExpressionElem, count: number | undefined) => Known,
): Region | undefined {
  switch (e.kind) {
    case 'ref': {
      const decl = program.decl_of(e.ident);
      if (!decl || decl.isGlobal || decl.declElem?.kind !== 'var') return undefined;
      return { decl, offset: 0, length: scalar_count(program.type_of_decl(decl)) };
    }
    case 'parenthesized-expression':
      return region_of(program, e.expression, index_of);
    case 'component-expression': {
      const type = program.type_of(e.base);
      const count = type.kind === 'vector' ? type.size : type.kind === 'array' ? type.count : undefined;
      const index = index_of(e.access, count);
      const base = region_of(program, e.base, index_of);
      if (!base || typeof index !== 'number' || count === undefined) return base;
      const length = scalar_count(program.type_of(e));
      return { ...base, offset: base.offset + Math.min(Math.max(index, 0), count - 1) * length, length };
    }
    case 'component-member-expression': {
      const base = region_of(program, e.base, index_of);
      const type = program.type_of(e.base);
      if (!base) return undefined;
      const { name } = e.access;
      if (type.kind === 'vector')
        return name.length > 1 ? base : { ...base, offset: base.offset + (swizzle(name)[0] as number), length: 1 };
      if (type.kind !== 'struct') return base;
      // Where an index before was not known, base covers several structs.
      if (base.length !== scalar_count(type)) return base;
      const before = type.members.slice(
        0,
        type.members.findIndex((m) => m.name === name),
      );
      const offset = before.reduce((sum, m) => sum + scalar_count(m.type), base.offset);
      return { ...base, offset, length: scalar_count(program.type_of(e)) };
    }
    default:
      return undefined;
  }
}
