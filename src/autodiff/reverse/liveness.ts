/**
 * Takes out of a function what its results do not depend on: the "to be recorded" analysis of store-all reverse mode (Griewank and
 * Walther 2008, §6.2), done once, on the generated code. The writers record every value that might be needed again; what is
 * recorded and never read goes here, and with it the loops that only computed it.
 */

import { type Code, names_in } from './code.ts';

/** Names whose value may still be read. */
type Live = Set<string>;

/** `results`: names that the caller sees. */
export function without_dead_code(list: readonly Code[], results: Iterable<string>): Code[] {
  const outputs = new Set(results);
  const mentioned = new Set<string>();
  return prune(list, new Set(outputs), { outputs, mentioned, after_loop: outputs });
}

interface Context {
  outputs: ReadonlySet<string>;
  /** Roots of the assignments that stay: their declarations must stay too. */
  mentioned: Set<string>;
  after_loop: ReadonlySet<string>;
}

function add(live: Live, ...texts: readonly string[]): void {
  for (const text of texts) for (const name of names_in(text)) live.add(name);
}

/** Walks backwards; `live` is what is read after the list, and becomes what is read before it. */
function prune(list: readonly Code[], live: Live, context: Context): Code[] {
  const kept: Code[] = [];
  for (let i = list.length - 1; i >= 0; i--) {
    const code = prune_one(list[i] as Code, live, context);
    // What follows a return is never reached.
    if (code && always_returns(code)) kept.length = 0;
    if (code) kept.push(code);
  }
  return kept.reverse();
}

function always_returns(code: Code): boolean {
  if (code.kind === 'return') return true;
  return code.kind === 'if' && code.yes.some(always_returns) && code.no.some(always_returns);
}

function prune_one(code: Code, live: Live, context: Context): Code | null {
  switch (code.kind) {
    case 'let':
    case 'var':
    case 'const': {
      const is_read = live.delete(code.name);
      if (is_read) add(live, code.value);
      else if (!context.mentioned.has(code.name)) return null;
      return is_read || code.kind !== 'var' ? code : { ...code, value: '' };
    }
    case 'set': {
      if (!live.has(code.root)) return null;
      context.mentioned.add(code.root);
      const replaces = code.operator === '=' && code.place === code.root && !code.via;
      if (replaces) live.delete(code.root);
      add(live, code.value);
      if (!replaces) add(live, code.place);
      return code;
    }
    case 'call':
      if (!code.changes.some((name) => live.has(name))) return null;
      for (const name of code.changes) context.mentioned.add(name);
      add(live, code.text);
      return code;
    case 'if': {
      const other = new Set(live);
      const yes = prune(code.yes, live, context);
      const no = prune(code.no, other, context);
      for (const name of other) live.add(name);
      if (yes.length + no.length === 0) return null;
      add(live, code.condition);
      return { ...code, yes, no };
    }
    case 'switch': {
      const after = new Set(live);
      const clauses = code.clauses.map((clause) => {
        const own = new Set(after);
        const body = prune(clause.body, own, context);
        for (const name of own) live.add(name);
        return { ...clause, body };
      });
      if (clauses.every(({ body }) => body.length === 0)) return null;
      add(live, code.selector);
      return { ...code, clauses };
    }
    case 'for':
    case 'loop':
      return prune_loop(code, live, context);
    case 'exit':
      for (const name of context.after_loop) live.add(name);
      add(live, code.condition);
      return code;
    case 'return':
      live.clear();
      for (const name of context.outputs) live.add(name);
      add(live, code.value);
      return code;
  }
}

type Loop = Extract<Code, { kind: 'for' | 'loop' }>;

function prune_loop(code: Loop, live: Live, context: Context): Code | null {
  const header = code.kind === 'for' ? [code.condition, code.update] : [];
  // A loop that does nothing but find its own end is as dead as its results.
  const effects = code.body.filter((part) => part.kind !== 'exit');
  const without_end = live_in_loop(effects, [], live, context);
  if (prune(effects, new Set(without_end), { ...context, mentioned: new Set() }).length === 0) return null;
  const inside = { ...context, after_loop: new Set(live) };
  const start = live_in_loop(code.body, header, live, inside);
  const body = prune(code.body, new Set(start), inside);
  for (const name of start) live.add(name);
  if (code.kind === 'for') {
    live.delete(code.name);
    add(live, code.start);
  }
  return { ...code, body };
}

/** What is read after an iteration: after the loop, in its header, or in the next iteration. The least fixed point. */
function live_in_loop(body: readonly Code[], header: readonly string[], after: Live, context: Context): Live {
  const start: Live = new Set(after);
  add(start, ...header);
  for (let size = -1; size !== start.size; ) {
    size = start.size;
    const round = new Set(start);
    prune(body, round, { ...context, mentioned: new Set() });
    for (const name of round) start.add(name);
  }
  return start;
}

/** What a list does to variables declared outside it. */
export interface Effects {
  /** Read, or set to a new value: the order of two runs of the list matters to these. */
  read: ReadonlySet<string>;
  /** Changed in any way, adding included. */
  changed: ReadonlySet<string>;
}

export function effects_of(list: readonly Code[]): Effects {
  const read: Live = new Set();
  const changed = new Set<string>();
  const all = (part: readonly Code[]): void => {
    for (const code of part) visit(code);
  };
  const visit = (code: Code): void => {
    switch (code.kind) {
      case 'set': {
        changed.add(code.root);
        const adds = code.operator === '+=' || code.operator === '-=' || code.via !== undefined;
        for (const name of names_in(code.place)) if (name !== code.root || !adds) read.add(name);
        add(read, code.value);
        break;
      }
      case 'call':
        for (const name of code.changes) changed.add(name);
        for (const name of names_in(code.text)) if (!code.changes.includes(name)) read.add(name);
        break;
      case 'if':
        add(read, code.condition);
        all(code.yes);
        all(code.no);
        break;
      case 'switch':
        add(read, code.selector);
        for (const { body } of code.clauses) all(body);
        break;
      case 'for':
        add(read, code.start, code.condition, code.update);
        all(code.body);
        break;
      case 'loop':
        all(code.body);
        break;
      case 'exit':
        add(read, code.condition);
        break;
      default:
        add(read, code.value);
    }
  };
  all(list);
  return { read, changed };
}

/** Every declaration that is left, loops and branches included. */
export function declarations_in(list: readonly Code[]): Extract<Code, { kind: 'let' | 'var' | 'const' }>[] {
  return list.flatMap((code) => {
    switch (code.kind) {
      case 'let':
      case 'var':
      case 'const':
        return [code];
      case 'if':
        return declarations_in([...code.yes, ...code.no]);
      case 'switch':
        return code.clauses.flatMap(({ body }) => declarations_in(body));
      case 'for':
      case 'loop':
        return declarations_in(code.body);
      default:
        return [];
    }
  });
}
