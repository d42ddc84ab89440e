/** Facts about WGSL types that reverse mode needs. */

import type { ScalarType, Type } from 'wesl/core';

export const f32: ScalarType = { kind: 'scalar', scalar: 'f32' };
export const u32: ScalarType = { kind: 'scalar', scalar: 'u32' };
export const bool: ScalarType = { kind: 'scalar', scalar: 'bool' };

const components = ['x', 'y', 'z', 'w'];

/** The type that a variable of this value gets: numbers without a suffix are f32 where there is a point, or where `floating`. */
export function concrete(type: Type, floating = false): Type {
  switch (type.kind) {
    case 'scalar':
      if (type.scalar === 'abstract-float') return f32;
      if (type.scalar === 'abstract-int') return floating ? f32 : { kind: 'scalar', scalar: 'i32' };
      return type;
    case 'vector':
      return { ...type, elem: concrete(type.elem, floating) as ScalarType };
    case 'array':
      return { ...type, elem: concrete(type.elem, floating) };
    default:
      return type;
  }
}

/** Scalars in a value of the type; an array without a size counts as one. */
export function scalar_count(type: Type): number {
  switch (type.kind) {
    case 'vector':
      return type.size;
    case 'array':
      return (type.count ?? 1) * scalar_count(type.elem);
    case 'struct':
      return type.members.reduce((sum, member) => sum + scalar_count(member.type), 0);
    default:
      return 1;
  }
}

/** Components of a scalar (1) or vector; 0 for the rest. */
export function component_count(type: Type): number {
  if (type.kind === 'scalar') return 1;
  return type.kind === 'vector' ? type.size : 0;
}

/** Which components a swizzle takes. */
export function swizzle(name: string): number[] {
  return [...name].map((c) => 'xyzw'.indexOf(c) + 'rgba'.indexOf(c) + 1);
}

/** Component `i` of `text`, a path of this type; a scalar stands for all its components. */
export function component(text: string, type: Type, i: number): string {
  return type.kind === 'vector' ? `${text}.${components[i]}` : text;
}
