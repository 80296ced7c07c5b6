/** The file in which a project names its commands, as a person first sees it. Pure. */
import { stringify } from 'yaml';
import { oneLine } from '../protocol/format';
import type { ProjectCommandLine } from './runs';

const HEAD = `# What OpenExec may run in this project: a program and its arguments, no shell.
# While this file is there, nothing is detected; what is not here cannot be run.
version: 1
`;
const EXAMPLE = `# Nothing was found. For example:
# commands:
#   lint: npm run lint
#   test: npm test
commands: {}
`;

/** The commands that were found, written down with where they come from. */
export function projectFileText(commands: readonly ProjectCommandLine[]): string {
  if (commands.length === 0) return `${HEAD}${EXAMPLE}`;
  const lines = commands.map(({ name, line, source }) => {
    const member = stringify({ [name]: line }, { lineWidth: 0 }).trimEnd();
    return `  # found in ${oneLine(source)}\n  ${member}\n`;
  });
  return `${HEAD}commands:\n${lines.join('')}`;
}
