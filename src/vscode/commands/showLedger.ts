import { type Command, runIdOf } from './context';

/** "What Left This Machine": of the run that it was called on, else of all. */
export const showLedger: Command = async ({ ledger }, run) => {
  // From the title of a view the command is called with what VS Code has selected there, which may be nothing.
  ledger.open(run === undefined || run === null ? null : runIdOf(run));
};
