import { UserError } from '../../src/model/user_error.ts';

/** The message of the UserError that `action` throws. Anything else, or nothing, fails the test. */
export function message_of(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}
