/**
 * Large tables of numbers from CSV text: a header, then rows of decimals separated by commas, comment lines with # anywhere.
 * Only the header may hold names that need quoting; the rows are read without a CSV parser, which takes a fifth of the time.
 */
import { parse } from 'csv-parse/browser/esm/sync';
import { UserError } from '../model/user_error.ts';

export interface NumericRows {
  names: string[];
  rows: number;
  /** [column][row]; NaN, NA and infinities are kept. */
  columns: Float64Array[];
  /** [row] the line of the file, counted from 1. */
  lines: Uint32Array;
  /** Comment lines without their #, each with the number of rows before it. */
  comments: { text: string; row: number }[];
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INFINITE = /^([+-]?)inf(inity)?$/i;
const MISSING = /^(na|[+-]?nan)$/i;

/** Throws UserError naming file, line and column for a cell that is no number and for rows of another width than the header. */
export function parse_numeric_rows(text: string, path: string): NumericRows {
  const comments: NumericRows['comments'] = [];
  let table: { names: string[]; columns: Float64Array[]; lines: Uint32Array } | undefined;
  let rows = 0;
  let line = 0;
  for (const record of records(text)) {
    line += 1;
    if (record.startsWith('#')) {
      comments.push({ text: record.slice(1).trim(), row: rows });
    } else if (table === undefined) {
      if (record.trim() !== '') table = start_table(record, path, line, text);
    } else if (record !== '') {
      read_row(record.split(','), table, rows, { path, line });
      table.lines[rows] = line;
      rows += 1;
    }
  }
  if (table === undefined) throw new UserError(`${path}: the file is empty.\nGive a file of draws with a header line.`);
  if (rows === 0) throw new UserError(`${path}: there is a header but no draws.`);
  const { names, columns, lines } = table;
  return { names, rows, columns: columns.map((c) => c.slice(0, rows)), lines: lines.slice(0, rows), comments };
}

/** The lines without their ends. */
function* records(text: string): Generator<string> {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const found = text.indexOf('\n', at);
    const end = found < 0 ? text.length : found;
    yield text.slice(at, text[end - 1] === '\r' ? Math.max(at, end - 1) : end);
    at = end + 1;
  }
}

function start_table(header: string, path: string, line: number, text: string) {
  let names: string[];
  try {
    names = (parse(header, { trim: true }) as string[][])[0] ?? [];
  } catch {
    throw new UserError(`${path}, row ${line}: the header cannot be read.\nLook for a " without its partner.`);
  }
  if (names.every((name) => DECIMAL.test(name))) {
    throw new UserError(
      `${path}, row ${line}: the first line holds numbers, not column names.\nPut a line with the parameters' names first.`,
    );
  }
  const separator = header.match(/^[^,]*?([;\t])[^,]*$/)?.[1];
  if (separator !== undefined) {
    throw new UserError(
      `${path}, row ${line}: columns are separated by ${separator === ';' ? 'semicolons' : 'tabs'}.\nSeparate them by commas, with points in decimals.`,
    );
  }
  let most = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) most += 1;
  return { names, columns: names.map(() => new Float64Array(most)), lines: new Uint32Array(most) };
}

function read_row(
  cells: readonly string[],
  { names, columns }: { names: readonly string[]; columns: readonly Float64Array[] },
  row: number,
  at: { path: string; line: number },
): void {
  if (cells.length !== names.length) {
    throw new UserError(
      `${at.path}, row ${at.line}: ${counted(cells.length, 'cell')}, but the header names ${counted(names.length, 'column')}.\n` +
        'Draws are a table of numbers below one line of names; if it is still being written, wait for its end.',
    );
  }
  for (let c = 0; c < cells.length; c++) {
    const cell = cells[c] as string;
    (columns[c] as Float64Array)[row] = DECIMAL.test(cell)
      ? Number(cell)
      : read_unusual(cell.trim().replace(/^"(.*)"$/, '$1'), names[c] as string, at);
  }
}

/** Cells in quotes or with spaces, and values that are no finite number but stand for one. */
function read_unusual(cell: string, column: string, { path, line }: { path: string; line: number }): number {
  if (DECIMAL.test(cell)) return Number(cell);
  if (MISSING.test(cell)) return Number.NaN;
  const infinite = cell.match(INFINITE);
  if (infinite !== null) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  // The column of row names that R's write.csv adds has no name; nobody reads it.
  if (column === '') return Number.NaN;
  const shown = cell.length > 40 ? `${cell.slice(0, 40)}…` : cell;
  throw new UserError(
    `${path}, row ${line}, column ${column}: "${shown}" is not a number.\nDraws are numbers, separated by commas, with decimal points.`,
  );
}

const counted = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;
