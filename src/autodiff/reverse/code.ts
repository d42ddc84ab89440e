/**
 * The body of a generated function as a tree, so that what nobody reads can be taken out (liveness.ts) before it becomes text.
 * Names are unique within a function, so the identifiers in a text say what it reads.
 */

/** Where a loop keeps what its iterations started from. */
export interface Tape {
  /** Its size; NaN where the number of iterations is not known. */
  scalars: number;
  /** Refuses the loop. */
  fail(what: string, advice: string): never;
}

export type Code =
  | { kind: 'let' | 'var' | 'const'; name: string; type: string; value: string; tape?: Tape }
  /** `place operator value`, or `place = via(place, value)`; root is the variable that place is a part of. */
  | { kind: 'set'; root: string; place: string; operator: string; value: string; via?: string }
  /** A call that adds to the variables named in `changes`. */
  | { kind: 'call'; text: string; changes: readonly string[] }
  | { kind: 'if'; condition: string; yes: readonly Code[]; no: readonly Code[] }
  | { kind: 'switch'; selector: string; clauses: readonly { selectors: string; body: readonly Code[] }[] }
  /** `for (var name: type = start; condition; update)`; the body does not change the variable. */
  | {
      kind: 'for';
      name: string;
      type: string;
      start: string;
      condition: string;
      update: string;
      body: readonly Code[];
    }
  | { kind: 'loop'; body: readonly Code[] }
  /** Leaves the innermost loop. */
  | { kind: 'exit'; condition: string }
  | { kind: 'return'; value: string };

const known_names = new Map<string, readonly string[]>();

/** The identifiers of a text, without members. */
export function names_in(text: string): readonly string[] {
  const known = known_names.get(text);
  if (known) return known;
  const names = [...new Set(text.match(/(?<![.\w])[A-Za-z_]\w*/g))];
  if (known_names.size > 20_000) known_names.clear();
  known_names.set(text, names);
  return names;
}

export function code_text(list: readonly Code[], depth: number): string {
  return list.map((code) => one(code, '  '.repeat(depth), depth)).join('');
}

function one(code: Code, indent: string, depth: number): string {
  const block = (list: readonly Code[], by = 1) => code_text(list, depth + by);
  switch (code.kind) {
    case 'let':
    case 'var':
    case 'const': {
      const type = code.type && `: ${code.type}`;
      // In a loop, Dawn zeroes a variable that is not initialised only once, and WGSL wants it in every iteration. What is read of a tape was written.
      const value = code.value || (code.kind === 'var' && !code.tape && depth > 1 ? `${code.type}()` : '');
      return `${indent}${code.kind} ${code.name}${type}${value && ` = ${value}`};\n`;
    }
    case 'set':
      return `${indent}${set_text(code)};\n`;
    case 'call':
      return `${indent}${code.text};\n`;
    case 'if':
      return if_text(code, indent, depth);
    case 'switch': {
      const clauses = code.clauses.map((c) => `${indent}  ${c.selectors} {\n${block(c.body, 2)}${indent}  }\n`);
      return `${indent}switch (${code.selector}) {\n${clauses.join('')}${indent}}\n`;
    }
    case 'for': {
      const header = `var ${code.name}: ${code.type} = ${code.start}; ${code.condition}; ${code.update}`;
      return `${indent}for (${header}) {\n${block(code.body)}${indent}}\n`;
    }
    case 'loop':
      return `${indent}loop {\n${block(code.body)}${indent}}\n`;
    case 'exit':
      return `${indent}if (${code.condition}) {\n${indent}  break;\n${indent}}\n`;
    case 'return':
      return `${indent}return${code.value && ` ${code.value}`};\n`;
  }
}

function set_text({ place, operator, value, via }: Extract<Code, { kind: 'set' }>): string {
  if (via) return `${place} = ${via}(${place}, ${value})`;
  const minus = operator === '+=' && /^-[A-Za-z_][\w.]*$/.test(value);
  return minus ? `${place} -= ${value.slice(1)}` : `${place} ${operator} ${value}`;
}

function if_text({ condition, yes, no }: Extract<Code, { kind: 'if' }>, indent: string, depth: number): string {
  const block = (list: readonly Code[]) => code_text(list, depth + 1);
  if (yes.length === 0) return `${indent}if (!(${condition})) {\n${block(no)}${indent}}\n`;
  const alternative = no.length > 0 ? ` else {\n${block(no)}${indent}}` : '';
  return `${indent}if (${condition}) {\n${block(yes)}${indent}}${alternative}\n`;
}
