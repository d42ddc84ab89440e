/** Puts a mistake in a model's WGSL where its author finds it: in the model's file, with the file's line. */

import { SourceError } from '../autodiff/source_error.ts';
import type { ModelOrigin } from './types.ts';
import { UserError } from './user_error.ts';

export interface Placed {
  name: string;
  source?: ModelOrigin;
}

/** How messages begin: the model's file, or its name where there is none. */
export function place_of(model: Placed): string {
  return model.source?.path ?? `model ${model.name}`;
}

/**
 * `models/foo.mjs:23:5: pointers are not supported. Return a struct instead.` where the WGSL was found in the file, else the line and column within the WGSL.
 * Anything but a SourceError comes back unchanged.
 */
export function locate_error(model: Placed, error: unknown): unknown {
  if (!(error instanceof SourceError)) return error;
  const { line, column, what, advice } = error;
  const first = model.source?.line;
  const place =
    first === undefined
      ? `${place_of(model)}: WGSL, line ${line}, column ${column}`
      : `${place_of(model)}:${first + line - 1}`;
  return new UserError(`${place}: ${what}. ${advice}`);
}
