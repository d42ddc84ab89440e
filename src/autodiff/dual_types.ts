/**
 * Types of tangents: of f32 Tangent, of vecN<f32> array<Tangent, N>, of arrays an array, of a struct S a struct S_d with the
 * members that bear f32; and the results of differentiated functions, struct Dual_R { v: R, d: tangent of R }.
 */

import type { StructType, Type } from 'wesl/core';
import type { Printer } from './print.ts';

/** Whether a value of this type holds an f32 anywhere, so that it can have a tangent. */
export function bears_f32(type: Type): boolean {
  switch (type.kind) {
    case 'scalar':
      return type.scalar === 'f32' || type.scalar === 'abstract-float';
    case 'vector':
    case 'array':
      return bears_f32(type.elem);
    case 'struct':
      return type.members.some((member) => bears_f32(member.type));
    default:
      return false;
  }
}

export interface DualTypes {
  /** Tangent type of a type that bears f32. */
  tangent(type: Type): string;
  /** Struct of value and tangent. */
  dual(type: Type): string;
  /** The structs that the names given out so far need. */
  declarations(): string;
}

export function create_dual_types(printer: Printer): DualTypes {
  const structs = new Map<string, string>();

  function struct_tangent(type: StructType): string {
    const name = `${printer.type(type)}_d`;
    if (structs.has(name)) return name;
    structs.set(name, '');
    const members = type.members.filter((member) => bears_f32(member.type));
    const lines = members.map((member) => `  ${member.name}: ${tangent(member.type)},\n`);
    structs.set(name, `struct ${name} {\n${lines.join('')}}\n`);
    return name;
  }

  function tangent(type: Type): string {
    switch (type.kind) {
      case 'scalar':
        return 'Tangent';
      case 'vector':
        return `array<Tangent, ${type.size}>`;
      case 'array':
        return `array<${tangent(type.elem)}, ${type.count}>`;
      case 'struct':
        return struct_tangent(type);
      default:
        throw new Error(`a type of kind ${type.kind} has no tangent`);
    }
  }

  function dual(type: Type): string {
    const of = printer.type(type);
    const name = `Dual_${of.replace(/\W+/g, '_').replace(/_$/, '')}`;
    if (!structs.has(name)) structs.set(name, `struct ${name} {\n  v: ${of},\n  d: ${tangent(type)},\n}\n`);
    return name;
  }

  return { tangent, dual, declarations: () => [...structs.values()].join('\n') };
}
