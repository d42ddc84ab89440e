import { UserError } from '../model/user_error.ts';

/** A mistake in a model's WGSL. `line` and `column` count from 1 in the author's own text. */
export class SourceError extends UserError {
  readonly line: number;
  readonly column: number;
  /** What is wrong, without a full stop. */
  readonly what: string;
  /** What to write instead, a whole sentence. */
  readonly advice: string;

  constructor(line: number, column: number, what: string, advice: string) {
    super(`line ${line}, column ${column}: ${what}. ${advice}`);
    this.line = line;
    this.column = column;
    this.what = what;
    this.advice = advice;
  }
}
