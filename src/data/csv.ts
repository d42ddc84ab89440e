/**
 * Observations from CSV text. csv-parse splits the text into records (RFC 4180 quoting, CRLF, byte-order mark); this
 * file decides what a number is, what is missing, and says in the user's terms what is wrong.
 *
 * Rows in messages are lines of the file as an editor numbers them, the header being line 1.
 *
 * Blank lines: in a file of one column a blank line is an empty cell, that is a missing observation (dropping it would
 * shift time); in files of several columns it holds no cells and is skipped. Blank lines at the end never count.
 */
import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import { nearest_name } from '../model/nearest_name.ts';
import { UserError } from '../model/user_error.ts';

export interface Table {
  /** As given in the options; for messages. */
  path: string;
  rows: number;
  /** The columns asked for, each of length `rows`; NaN where the cell is missing. */
  columns: Record<string, Float64Array>;
}

export interface TableOptions {
  /** Names the file in messages. */
  path: string;
  /** The columns to read; others in the file may hold anything. */
  columns: readonly string[];
  /** Cells without a number: allowed (the default), they become NaN; or refused. */
  missing?: 'allowed' | 'refused';
}

interface Line {
  /** 1-based line at which the record begins. */
  line: number;
  cells: string[];
}

const DELIMITERS = [',', ';', '\t'] as const;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const MISSING = /^(|na|nan)$/i;
const INFINITE = /^[+-]?inf(inity)?$/i;

/** What a refusal of a cell says of missing ones. */
const MISSING_HELP = {
  allowed: 'Empty cells, NA and NaN mean "no observation".',
  refused: 'The model needs every cell of a row: fill it in, or take the row out.',
} as const;

/**
 * Reads the named columns of a CSV text: separated by commas, semicolons or tabs (seen in the header), decimal points.
 * Throws UserError with path, row and column for anything that is not a number, a missing or repeated column, rows of
 * unequal length, or a file without rows.
 */
export function parse_table(text: string, options: TableOptions): Table {
  const { path, missing = 'allowed' } = options;
  const lines = read_lines(text, path);
  const header = lines[0];
  if (header === undefined) {
    throw new UserError(`${path}: the file is empty.\nIts first line must name the columns: ${list(options.columns)}.`);
  }
  const names = header.cells;
  const rows = lines.slice(1);
  const where = options.columns.map((column) => find_column(column, names, options));
  if (rows.length === 0)
    throw new UserError(
      `${path}: there is a header but no rows.\nAdd one line per ${missing === 'allowed' ? 'time step' : 'row of data'}.`,
    );
  for (const row of rows) {
    if (row.cells.length !== names.length) {
      throw new UserError(
        `${path}, row ${row.line}: ${count(row.cells.length, 'cell')}, but the header names ` +
          `${count(names.length, 'column')} (${list(names)}).\nEvery row needs one cell per column${missing === 'allowed' ? '; leave missing ones empty' : ''}.`,
      );
    }
  }
  const columns: Record<string, Float64Array> = {};
  options.columns.forEach((column, c) => {
    const index = where[c] ?? 0;
    columns[column] = Float64Array.from(rows, (row) =>
      read_number(row.cells[index] ?? '', { path, row, column, missing }),
    );
  });
  return { path, rows: rows.length, columns };
}

/** All cells as text, for a command that hands rows on. Throws UserError as `parse_table`, of whose checks this has those of the form. */
export function parse_cells(text: string, path: string): { names: string[]; rows: string[][] } {
  const [header, ...rows] = read_lines(text, path);
  if (header === undefined) throw new UserError(`${path}: the file is empty.\nIts first line must name the columns.`);
  return { names: header.cells, rows: rows.map(({ cells }) => cells) };
}

/** Records with their first line; without blank lines except where they stand for an empty cell. */
function read_lines(text: string, path: string): Line[] {
  let records: { record: string[]; info: { lines: number } }[];
  try {
    // csv-parse counts a CRLF inside quotes as two lines, hence one kind of line end from the start.
    records = parse(text.replace(/\r\n?/g, '\n'), {
      bom: true,
      delimiter: detect_delimiter(text),
      info: true,
      relax_column_count: true,
      trim: true,
    }) as unknown as typeof records;
  } catch (error) {
    if (error instanceof CsvError) throw new UserError(reword(error, path));
    throw error;
  }
  const lines = records.map(({ record, info }) => ({
    // `info.lines` is the line on which the record ends: quoted cells may span several.
    line: info.lines - record.reduce((breaks, cell) => breaks + (cell.split('\n').length - 1), 0),
    cells: record,
  }));
  const blank = ({ cells }: Line) => cells.length === 1 && cells[0] === '';
  while (lines.length > 0 && blank(lines[0] as Line)) lines.shift();
  while (lines.length > 0 && blank(lines[lines.length - 1] as Line)) lines.pop();
  const wide = (lines[0]?.cells.length ?? 0) > 1;
  return wide ? lines.filter((line) => !blank(line)) : lines;
}

/** The separator that the header has most of, outside quotes; a comma for a header of one column. */
function detect_delimiter(text: string): string {
  const header = (text.replace(/^\uFEFF/, '').match(/^\s*([^\r\n]*)/)?.[1] ?? '').replace(/"[^"]*"/g, '');
  const occurrences = (delimiter: string) => header.split(delimiter).length - 1;
  return DELIMITERS.reduce((best, next) => (occurrences(next) > occurrences(best) ? next : best));
}

function reword(error: CsvError, path: string): string {
  const line = typeof error.lines === 'number' ? `, row ${error.lines}` : '';
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    return `${path}: a quoted cell is never closed.\nLook for a " without its partner.`;
  }
  return `${path}${line}: a quote stands where none can.\nQuote whole cells ("like this"); inside them write "" for one quote.`;
}

function find_column(column: string, names: readonly string[], { path, columns }: TableOptions): number {
  const index = names.indexOf(column);
  if (index >= 0 && names.indexOf(column, index + 1) >= 0) {
    throw new UserError(`${path}: two columns are called ${column}.\nRename or remove one of them.`);
  }
  if (index >= 0) return index;
  if (names.every((name) => DECIMAL.test(name) || MISSING.test(name))) {
    throw new UserError(
      `${path}: the first line holds numbers, not column names.\nPut a line with the names first; the model reads ${column}.`,
    );
  }
  const others = names.filter((name) => !columns.includes(name));
  const guess = nearest_name(column, others);
  throw new UserError(
    `${path}: there is no column ${column}; the columns are ${list(names)}.\n` +
      (guess === undefined
        ? `Add the column or rename one to ${column}.`
        : `Did you mean ${guess}? Rename it to ${column}.`),
  );
}

interface Place {
  path: string;
  row: Line;
  column: string;
  missing: 'allowed' | 'refused';
}

function read_number(cell: string, at: Place): number {
  if (MISSING.test(cell) && at.missing === 'allowed') return Number.NaN;
  const where = `${at.path}, row ${at.row.line}, column ${at.column}:`;
  const help = MISSING_HELP[at.missing];
  if (MISSING.test(cell))
    throw new UserError(`${where} the cell ${cell === '' ? 'is empty' : `holds ${cell}`}.\n${help}`);
  if (INFINITE.test(cell)) throw new UserError(`${where} "${cell}" is not a finite number.\n${help}`);
  if (!DECIMAL.test(cell)) {
    const comma = /^[+-]?\d+,\d+$/.test(cell) ? ' Write decimals with a point.' : '';
    throw new UserError(`${where} "${shorten(cell)}" is not a number.${comma}\n${help}`);
  }
  const value = Number(cell);
  if (!Number.isFinite(Math.fround(value))) {
    throw new UserError(`${where} "${cell}" is too large for 32-bit floats (3.4e38).\nChange the unit of the column.`);
  }
  return value;
}

const shorten = (cell: string) => (cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);
const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** At most twelve names, so that a wide file does not flood the message. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => (name === '' ? '(no name)' : name));
  return names.length > 12 ? `${shown.join(', ')}, … (${names.length} in all)` : shown.join(', ');
}
