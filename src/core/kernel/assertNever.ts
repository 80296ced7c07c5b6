import { OpenExecError } from './errors';

/** Ends a `switch` over a union: the compiler refuses a missing case, and a value that slipped past it is a bug. */
export function assertNever(value: never): never {
  throw new OpenExecError('internal', `a case is not handled: ${JSON.stringify(value)}`);
}
