/**
 * Which declaration each name means, by WGSL's scope rules (WGSL §3.4 and §8): a local is visible from the end of its own
 * declaration to the end of its block, so that in `let y = y * 2.0;` the right y is the outer one. wesl 0.7.31 binds that
 * y to itself, hence this pass; its result goes into the table that wesl's type synthesis reads.
 */

import type { AbstractElem, DeclIdent, DeclIdentElem, RefIdentElem, Statement } from 'wesl/core';
import { type LinkBindings, stdWgsl, visitAst } from 'wesl/core';

type Names = Map<string, DeclIdent>;

/** Fills `bindings.refersTo`. `unbound` is told of each name that nothing declares, with the names visible there. */
export function resolve_names(
  declarations: readonly AbstractElem[],
  bindings: LinkBindings,
  unbound: (ref: RefIdentElem, visible: readonly string[]) => void,
): void {
  const globals: Names = new Map();
  for (const elem of declarations) {
    const name = declared_name(elem);
    if (name) globals.set(name.ident.originalName, name.ident);
  }
  let scopes: Names[] = [globals];

  const bind = (elem: AbstractElem | undefined): void => {
    if (!elem) return;
    visitAst(elem, (node) => {
      if (node.kind !== 'ref') return;
      const name = node.ident.originalName;
      const found = scopes.findLast((scope) => scope.has(name))?.get(name);
      if (found) bindings.refersTo.set(node.ident, found);
      else if (!stdWgsl(name))
        unbound(
          node,
          scopes.flatMap((scope) => [...scope.keys()]),
        );
    });
  };
  const declare = (name: DeclIdentElem): void => {
    scopes.at(-1)?.set(name.ident.originalName, name.ident);
  };
  const nested = (body: () => void): void => {
    scopes.push(new Map());
    body();
    scopes.pop();
  };
  const statements = (list: readonly Statement[]): void => list.forEach(statement);

  function statement(s: Statement): void {
    switch (s.kind) {
      case 'let':
      case 'var':
      case 'const':
        bind(s.name.typeRef);
        bind(s.init);
        declare(s.name.decl);
        break;
      case 'block':
        nested(() => statements(s.body));
        break;
      case 'if':
        bind(s.condition);
        statement(s.body);
        if (s.else) statement(s.else);
        break;
      case 'for':
        nested(() => {
          if (s.init) statement(s.init as Statement);
          bind(s.condition);
          bind(s.update);
          statement(s.body);
        });
        break;
      case 'while':
        bind(s.condition);
        statement(s.body);
        break;
      case 'loop':
      case 'continuing':
        // A continuing block is the last statement of its loop's body and sees the names declared there.
        statement(s.body);
        break;
      case 'switch':
        bind(s.selector);
        for (const clause of s.clauses) {
          for (const selector of clause.selectors) if (selector !== 'default') bind(selector);
          statement(clause.body);
        }
        break;
      default:
        bind(s);
    }
  }

  for (const elem of declarations) {
    if (elem.kind !== 'fn') {
      bind(elem);
      continue;
    }
    for (const parameter of elem.params) bind(parameter.name.typeRef);
    bind(elem.returnType);
    scopes = [globals, new Map()];
    for (const parameter of elem.params) declare(parameter.name.decl);
    statements(elem.body.body);
    scopes = [globals];
  }
}

/** The name that a module-scope element declares. */
export function declared_name(elem: AbstractElem): DeclIdentElem | undefined {
  switch (elem.kind) {
    case 'fn':
    case 'struct':
    case 'alias':
      return elem.name;
    case 'const':
    case 'gvar':
    case 'override':
      return elem.name.decl;
    default:
      return undefined;
  }
}
