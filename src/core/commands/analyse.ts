/**
 * What a command line is: one plain command and what it needs, or not one. Pure, total and closed: what the grammar does
 * not prove is refused, what the tables do not know needs `exec_other`. Nothing is run and nothing is looked up here.
 */
import type { Result } from '../kernel/result';
import type { Capability, ProjectCommands } from '../policy/schema';
import { FIND } from './families/find';
import { GIT } from './families/git';
import { GREP_FAMILY } from './families/grep';
import { RIPGREP } from './families/ripgrep';
import { TEXT } from './families/text';
import { asksVersion, VERSION, VERSIONED } from './families/versions';
import { type CommandOperand, doubtful, type Inspection, type Inspector, type Shows } from './inspection';
import { networkUse } from './network';
import { plainWords } from './plain';
import { projectCommand } from './project';
import type { Word } from './words';

export type { Below, CommandOperand, Shows } from './inspection';

export type PlainCommand = {
  readonly kind: 'plain';
  readonly argv: readonly string[];
  /** exec_inspect, exec_project, exec_other or network. */
  readonly capability: Capability;
  /** What it reads of the repository, as far as the tables know it. */
  readonly operands: readonly CommandOperand[];
  /** How the program itself can be asked which files it would show. */
  readonly shows?: Shows;
  /** Why it needs that capability, in words for a person. */
  readonly why: string;
};

export type CommandAnalysis = PlainCommand | { readonly kind: 'refused'; readonly why: string };

/** The later entry of a name counts: programs that are known by more than their version come last. */
const PROGRAMS: ReadonlyMap<string, Inspector> = new Map([
  ...VERSIONED,
  ...TEXT,
  ...GREP_FAMILY,
  ...RIPGREP,
  ...FIND,
  ...GIT,
]);

/** Analyses one line. Never throws, for any text; the same text always yields the same answer. */
export function analyseCommand(line: string, commands: ProjectCommands): CommandAnalysis {
  const words = plainWords(line);
  if (!words.ok) return { kind: 'refused', why: words.error };
  const argv = words.value.map(({ value }) => value);
  const plain = (capability: Capability, why: string, operands: readonly CommandOperand[] = []): PlainCommand => ({
    kind: 'plain',
    argv,
    capability,
    operands,
    why,
  });
  const declared = projectCommand(argv, commands);
  if (declared !== null) return plain('exec_project', `it is the project's own ${declared} command`);
  const network = networkUse(argv);
  if (network !== null) return plain('network', network);
  const inspected = inspect(words.value);
  if (!inspected.ok) return plain('exec_other', inspected.error);
  const { operands, shows } = inspected.value;
  const found = plain('exec_inspect', `${argv[0]} only reads, with these options`, operands);
  return shows === undefined ? found : { ...found, shows };
}

/** A program is known by its plain name only: another spelling, a path or an unknown name may be anything. */
function inspect([name, ...rest]: readonly Word[]): Result<Inspection, string> {
  const args = rest.map(({ value }) => value);
  const inspector = name === undefined ? undefined : PROGRAMS.get(name.value);
  if (name === undefined || inspector === undefined) return doubtful(`what ${name?.value} does is not known`);
  if (!name.bare) return doubtful('the name of the program is not written plainly');
  if (args.some(namesVariable)) return doubtful('%NAME% is a variable to the shell of Windows');
  return asksVersion(name.value, args) ? VERSION : inspector(args);
}

const namesVariable = (word: string): boolean => /%[A-Z_][A-Z0-9_]{2,}%/.test(word);
