/** Functions that add two structs or arrays member by member, for adjoints of whole values. Integers keep the value of the first. */

import type { Type } from 'wesl/core';
import { bears_f32 } from '../dual_types.ts';
import type { Printer } from '../print.ts';

export interface Sums {
  /** Name of the function that adds two values of a struct or array type. */
  of(type: Type): string;
  declarations(): string;
}

/** `fresh` makes new module-scope names. */
export function create_sums(printer: Printer, fresh: (wanted: string) => string): Sums {
  const names = new Map<string, string>();
  const texts: string[] = [];

  function of(type: Type): string {
    const text = printer.type(type);
    const known = names.get(text);
    if (known) return known;
    const name = fresh(`add_${text.replace(/\W+/g, '_').replace(/_$/, '')}`);
    names.set(text, name);
    const body = members(type).join('');
    texts.push(`fn ${name}(a: ${text}, b: ${text}) -> ${text} {\n  var sum = a;\n${body}  return sum;\n}\n`);
    return name;
  }

  function members(type: Type): string[] {
    const add = (path: string, member: Type, indent: string) =>
      member.kind === 'struct' || member.kind === 'array'
        ? `${indent}sum${path} = ${of(member)}(sum${path}, b${path});\n`
        : `${indent}sum${path} += b${path};\n`;
    if (type.kind === 'struct')
      return type.members.filter((m) => bears_f32(m.type)).map((m) => add(`.${m.name}`, m.type, '  '));
    if (type.kind !== 'array') throw new Error(`a ${type.kind} is added with +`);
    return [`  for (var i = 0u; ${type.count}u > i; i++) {\n`, add('[i]', type.elem, '    '), '  }\n'];
  }

  return { of, declarations: () => texts.join('\n') };
}
