/**
 * A mistake in what the user gave us: a file, an option, a model. The command line prints the message alone, without a
 * stack trace, and ends with code 2. The message says where, what, and what to do.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}
