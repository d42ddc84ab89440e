/**
 * The author's WGSL as a typed syntax tree, with the generated declarations and the library beside it.
 *
 * The text that is parsed is: the source, the declarations, one stub per library function. The source comes first, so an
 * offset in the tree is an offset in the author's text and every message can name its line and column.
 */

import type {
  AbstractElem,
  DeclIdent,
  ExpressionElem,
  FnElem,
  FunctionCallExpression,
  ImportElem,
  ImportStatement,
  RefIdent,
  Type,
  TypeContext,
  WeslAST,
} from 'wesl/core';
import {
  firstError,
  newLinkBindings,
  offsetToLineNumber,
  parseSrcModule,
  refDecl,
  stdFns,
  stdType,
  typeOfDecl,
  typeOfExpr,
} from 'wesl/core';
import { nearest_name } from '../model/nearest_name.ts';
import { type LibraryFunction, library } from './library.ts';
import { declared_name, resolve_names } from './scopes.ts';
import { SourceError } from './source_error.ts';
import { check_syntax } from './validate.ts';

interface Place {
  start: number;
}

export interface Program {
  /** All that was parsed; offsets of tree nodes point into it. */
  text: string;
  /** Module-scope elements of source and declarations, without library stubs. */
  elements: readonly AbstractElem[];
  context: TypeContext;
  functions: ReadonlyMap<string, FnElem>;
  /** True for nodes of the author's own text. */
  is_author(place: Place): boolean;
  decl_of(ref: RefIdent): DeclIdent | undefined;
  type_of(expression: ExpressionElem): Type;
  type_of_decl(decl: DeclIdent): Type;
  callee_of(call: FunctionCallExpression): Callee;
  /** The text of a node as the author wrote it. */
  text_of(place: { start: number; end: number }): string;
  fail(place: Place, what: string, advice: string): never;
}

/** What a call calls. */
type Callee =
  | { kind: 'user'; fn: FnElem }
  | { kind: 'library'; name: string; rule: LibraryFunction }
  | { kind: 'constructor' }
  | { kind: 'builtin'; name: string };

/** A function of the author's text; types as written there, `column` and `line` of its name counted from 1. */
export interface FunctionSummary {
  name: string;
  parameters: { name: string; type: string }[];
  /** Empty when the function returns nothing. */
  result: string;
  line: number;
  column: number;
}

/** Lists the functions of a model's WGSL in the order of the text. Throws SourceError where the syntax is wrong. */
export function list_functions(source: string): FunctionSummary[] {
  const ast = parse(source);
  const slice = (elem: { start: number; end: number } | undefined) => (elem ? source.slice(elem.start, elem.end) : '');
  return ast.moduleElem.decls
    .filter((elem): elem is FnElem => elem.kind === 'fn')
    .map((fn) => {
      const [line, column] = offsetToLineNumber(fn.name.start, source);
      const parameters = fn.params.map((p) => ({
        name: p.name.decl.ident.originalName,
        type: slice(p.name.typeRef),
      }));
      return { name: fn.name.ident.originalName, parameters, result: slice(fn.returnType), line, column };
    });
}

export function parse_program(source: string, declarations: string): Program {
  const author = parse(source);
  const imports = author.moduleElem.decls.filter((elem): elem is ImportElem => elem.kind === 'import');
  for (const elem of imports) check_import(elem, source);
  const own = `${blank(source, imports)}\n${declarations}\n`;
  const declared = new Set(parse(own).moduleElem.decls.map((elem) => declared_name(elem)?.ident.originalName));
  const stubs = Object.entries(library).filter(([name]) => !declared.has(name));
  const text = own + stubs.map(([name, f]) => `fn ${name}(${f.signature}) -> f32 { return 0.0; }\n`).join('');
  const ast = parse(text);

  function fail(place: Place, what: string, advice: string): never {
    const inside = place.start < source.length;
    if (!inside) throw new Error(`generated declarations: ${what}. ${advice}`);
    const [line, column] = offsetToLineNumber(place.start, source);
    throw new SourceError(line, column, what, advice);
  }
  check_syntax(author.moduleElem.decls, fail);
  check_declared_once(author.moduleElem.decls, parse(declarations).moduleElem.decls, fail);
  const bindings = newLinkBindings();
  resolve_names(ast.moduleElem.decls, bindings, (ref, visible) => {
    const name = ref.ident.originalName;
    const near = nearest_name(name, [...visible, ...stdFns, ...Object.keys(library)]);
    fail(ref, `\`${name}\` is not declared`, near ? `Did you mean \`${near}\`?` : 'Declare it, or check the spelling.');
  });
  const context: TypeContext = { bindings };
  const elements = ast.moduleElem.decls.filter((elem) => elem.kind !== 'synthetic' && elem.start < own.length);
  const functions = new Map<string, FnElem>();
  for (const elem of elements) {
    const name = declared_name(elem)?.ident.originalName;
    if (elem.kind === 'fn' && name) functions.set(name, elem);
  }
  const decl_of = (ref: RefIdent) => refDecl(ref, bindings);
  return {
    text,
    elements,
    context,
    functions,
    is_author: (place) => place.start < source.length,
    decl_of,
    type_of: (expression) => typeOfExpr(expression, context),
    type_of_decl: (decl) => typeOfDecl(decl, context),
    callee_of(call) {
      const ident = call.function.kind === 'type' ? call.function.name : call.function.ident;
      const name = ident.originalName;
      const elem = decl_of(ident)?.declElem;
      if (elem?.kind === 'fn') {
        if (elem.start < own.length) return { kind: 'user', fn: elem };
        return { kind: 'library', name, rule: library[name] as LibraryFunction };
      }
      if (elem || stdType(name)) return { kind: 'constructor' };
      return { kind: 'builtin', name };
    },
    text_of: ({ start, end }) => text.slice(start, end),
    fail,
  };
}

/** A name that author and declarations both declare: a compiler would blame the second one, which the author never sees. */
function check_declared_once(
  author: readonly AbstractElem[],
  declarations: readonly AbstractElem[],
  fail: Program['fail'],
): void {
  const given = new Set(declarations.map((elem) => declared_name(elem)?.ident.originalName));
  for (const elem of author) {
    const name = declared_name(elem);
    if (name && given.has(name.ident.originalName))
      fail(name, `\`${name.ident.originalName}\` is declared for you`, 'Remove this one, or choose another name.');
  }
}

function parse(text: string): WeslAST {
  const ast = parseSrcModule({ modulePath: 'package::model', debugFilePath: 'model.wgsl', src: text });
  const error = firstError(ast.diagnostics);
  if (error) {
    const [line, column] = offsetToLineNumber(error.start, text);
    const advice = /template|Expected ',' or '\)'/.test(error.message)
      ? 'If a comparison with < comes before, write it with > (b > a for a < b).'
      : 'Correct the WGSL here or just before.';
    throw new SourceError(line, column, `syntax: ${lower_first(error.message)}`, advice);
  }
  return ast;
}

const lower_first = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** Library functions are visible by their bare names, so an import of them is checked and then has nothing left to do. */
function check_import(elem: ImportElem, source: string): void {
  const [line, column] = offsetToLineNumber(elem.start, source);
  const items = leaves(elem.imports, []);
  for (const { path, as } of items) {
    const name = path.at(-1) as string;
    const shown = path.join('::');
    if (path[0] !== 'package' || path[1] !== 'lib')
      throw new SourceError(
        line,
        column,
        `\`${shown}\` cannot be imported`,
        'Models can import from package::lib only.',
      );
    if (library[name]?.module !== path[2] || path.length !== 4) {
      const near = nearest_name(name, Object.keys(library));
      const advice = near ? `Did you mean \`${near}\`?` : `The library has ${Object.keys(library).join(', ')}.`;
      throw new SourceError(line, column, `\`${shown}\` is not in the library`, advice);
    }
    if (as) throw new SourceError(line, column, 'imports cannot rename', `Import \`${name}\` under its own name.`);
  }
}

function leaves(statement: ImportStatement, before: readonly string[]): { path: string[]; as: string | undefined }[] {
  const path = [...before, ...statement.segments.map((s) => s.name)];
  const final = statement.finalSegment;
  if (final.kind === 'import-item') return [{ path: [...path, final.name], as: final.as }];
  return final.subtrees.flatMap((tree) => leaves(tree, path));
}

function blank(text: string, spans: readonly { start: number; end: number }[]): string {
  return spans.reduce(
    (rest, { start, end }) => rest.slice(0, start) + rest.slice(start, end).replace(/\S/g, ' ') + rest.slice(end),
    text,
  );
}
