/**
 * Something the GPU refused or lost: a validation error, no memory, a lost device. Ends the run with the stage's name (exit code 1); never a
 * reason to go on, because a buffer that failed to be made is silently empty and what follows would be silently wrong.
 */
export class GpuError extends Error {
  override readonly name = 'GpuError';
}
