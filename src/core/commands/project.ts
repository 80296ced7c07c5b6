/** Whether an argument vector is one that the project declares, or certainly the same under another spelling. */
import type { ProjectCommands } from '../policy/schema';

/** The name of the declared command, or null. */
export function projectCommand(argv: readonly string[], commands: ProjectCommands): string | null {
  const words = canonical(argv);
  for (const [name, command] of Object.entries(commands)) {
    if (command !== undefined && sameWords(canonical(command.argv), words)) return name;
  }
  return null;
}

/**
 * `npm test`, `npm t`, `npm run test` and `npm run-script test` run the same script with the same arguments; so do
 * `test` and `run test` of pnpm and yarn. Other short forms depend on the version and on what else has that name.
 */
function canonical(argv: readonly string[]): readonly string[] {
  const [program = '', verb = '', ...rest] = argv;
  if (program !== 'npm' && program !== 'pnpm' && program !== 'yarn') return argv;
  if (verb === 'test' || (verb === 't' && program !== 'yarn')) return [program, 'run', 'test', ...rest];
  return verb === 'run-script' && program === 'npm' ? [program, 'run', ...rest] : argv;
}

const sameWords = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((word, at) => word === b[at]);
