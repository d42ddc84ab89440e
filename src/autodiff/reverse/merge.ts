/** Joins additions to one place, where nothing else is changed between them: one read and one write of memory instead of several. */

import { type Code, names_in } from './code.ts';

export function merge_additions(list: readonly Code[]): Code[] {
  const merged: Code[] = [];
  for (const code of list.map(inside)) {
    const at = code.kind === 'set' && is_addition(code) ? earlier_addition(merged, code) : -1;
    const before = merged[at];
    if (code.kind !== 'set' || before?.kind !== 'set') {
      merged.push(code);
      continue;
    }
    merged.splice(at, 1);
    merged.push({ ...code, value: `${before.value} + ${code.value.startsWith('-') ? `(${code.value})` : code.value}` });
  }
  return merged;
}

type Setting = Extract<Code, { kind: 'set' }>;

function is_addition({ operator, via, value, root }: Setting): boolean {
  return operator === '+=' && !via && !names_in(value).includes(root);
}

/** Where `list` ends with an addition to the same place and declarations that do not read it; -1 if it does not. */
function earlier_addition(list: readonly Code[], { place, root }: Setting): number {
  for (let i = list.length - 1; i >= 0; i--) {
    const code = list[i] as Code;
    if (code.kind === 'set') return code.place === place && is_addition(code) ? i : -1;
    if (code.kind !== 'let' || names_in(code.value).includes(root)) return -1;
  }
  return -1;
}

function inside(code: Code): Code {
  switch (code.kind) {
    case 'if':
      return { ...code, yes: merge_additions(code.yes), no: merge_additions(code.no) };
    case 'switch':
      return { ...code, clauses: code.clauses.map((c) => ({ ...c, body: merge_additions(c.body) })) };
    case 'for':
    case 'loop':
      return { ...code, body: merge_additions(code.body) };
    default:
      return code;
  }
}
