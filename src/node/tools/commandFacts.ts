/**
 * What a command line would touch: the facts about its operands and its program, looked at and not changed. Every path that
 * would be read needs `repo_read`, and so does every file below a folder that policy keeps from reading; a command that
 * cannot be looked through within the bounds is a target with a problem, which no policy allows.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { analyseCommand, type PlainCommand } from '../../core/commands/analyse';
import type { PathFact, ProgramFact, ToolFacts } from '../../core/events/parts';
import { messageOf } from '../../core/kernel/errors';
import { findProgram } from '../system/programs';
import type { ToolboxOptions } from './context';
import { hardLinks } from './hardLinks';
import { outsideBelow } from './outsideBelow';
import { pathFact } from './paths';
import { namesIn } from './pathText';
import { withheldBelow } from './readBelow';
import { filesShownByGit, filesShownByRipgrep, type Shown } from './shownFiles';

export type CommandLook = Pick<ToolboxOptions, 'commands' | 'environment' | 'excluded'> & {
  /** The zones of the run; everything when left out. */
  readonly zones?: readonly string[];
  /** Stands in for a ripgrep that is not installed, as in a run; none when left out. */
  readonly ripgrep?: string | null;
  /** The person's own checkout, whose programs are those of the repository as well; the folder itself when left out. */
  readonly repository?: { readonly root: string };
};

/** The facts about one line under `root`, the folder in which it would run. Never throws. */
export async function commandFacts(line: string, root: string, options: CommandLook): Promise<ToolFacts> {
  const command = analyseCommand(line, options.commands);
  if (command.kind === 'refused') return { paths: [] };
  try {
    const program = await programOf(command.argv[0] ?? '', root, options);
    return { paths: await pathsOf(command, program, root, options), program: program.fact };
  } catch (error) {
    return { paths: [problem(line, `it cannot be looked at (${messageOf(error)})`)] };
  }
}

const needs = 'repo_read';

const problem = (asked: string, why: string): PathFact => ({ asked, inside: null, problem: why, needs });

type Program = { readonly fact: ProgramFact; readonly file: string | null };

/** As runs look for it: what lies in the repository is passed over, and counts only where nothing else has that name. */
async function programOf(name: string, root: string, options: CommandLook): Promise<Program> {
  const { environment, repository, ripgrep = null } = options;
  const outside = await Promise.all([root, repository?.root ?? root].map((folder) => fs.realpath(folder)));
  const file = await findProgram(name, environment, root, { outside });
  if (file === null && name === 'rg' && ripgrep !== null) return { file: ripgrep, fact: 'system' };
  if (file === null)
    return { file, fact: (await findProgram(name, environment, root)) === null ? 'missing' : 'repository' };
  const real = await fs.realpath(file);
  // What is found through a link in the repository is a program of the repository as well, wherever the link leads.
  const own = outside.some((folder) => isBelow(real, folder) || isBelow(file, folder));
  return { file, fact: own ? 'repository' : 'system' };
}

function isBelow(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

async function pathsOf(
  command: PlainCommand,
  program: Program,
  root: string,
  options: CommandLook,
): Promise<PathFact[]> {
  const facts: PathFact[] = [];
  for (const { path: asked, literal } of command.operands)
    facts.push({ ...(literal ? literalFact(asked) : await pathFact(root, asked)), needs });
  if (facts.some(({ inside }) => inside === null)) return facts;
  const { zones = ['**'] } = options;
  for (const { inside, asked } of [...facts]) {
    const outside = inside === null ? null : await outsideBelow(root, inside, zones);
    if (outside !== null) facts.push({ asked, ...outside, needs });
  }
  const shown = await shownFiles(command, program, root, options);
  if (shown !== null) return [...facts, ...(await withheld(shown, root, options))];
  for (const [at, operand] of command.operands.entries()) {
    const inside = facts[at]?.inside ?? null;
    if (operand.deep && operand.below !== undefined && inside !== null)
      facts.push(...(await withheldBelow(root, inside, operand.below, options.excluded)));
  }
  return facts;
}

/** A name in the history, where nothing is followed: the links of today say nothing about it. */
function literalFact(asked: string): PathFact {
  const names = namesIn(asked);
  if (!names.ok) return { asked, inside: null, problem: names.error };
  return { asked, inside: names.value.join('/') || '.', problem: null };
}

/** What the program itself says it would show; null where it cannot be asked, and the folders are looked through. */
async function shownFiles(
  { shows, operands }: PlainCommand,
  program: Program,
  root: string,
  { environment }: CommandLook,
): Promise<Shown | null> {
  if (shows === undefined || program.fact !== 'system' || program.file === null) return null;
  if (shows.by === 'git') return filesShownByGit(shows, root, environment);
  const places = operands.flatMap(({ deep, path: place }) => (deep ? [place] : []));
  const shown = await filesShownByRipgrep(program.file, shows.args, places, root, environment);
  return onDisk(shown, root);
}

/** Only what lies behind a link of a place that was named is known by another name; below, none is followed. */
async function onDisk({ files, problems }: Shown, root: string): Promise<Shown> {
  const folders = new Map<string, string | null>();
  const found: string[] = [];
  for (const file of files) {
    // In the work tree of a run it is a file that holds nothing; so the folder of a checkout is none.
    if (file === '.git' || file.startsWith('.git/')) continue;
    const folder = path.posix.dirname(file);
    if (!folders.has(folder)) folders.set(folder, (await pathFact(root, folder)).inside);
    const real = folders.get(folder) ?? null;
    const fact = real === folder ? null : await pathFact(root, file);
    if (fact?.inside === null) return { files: [], problems: [{ asked: file, why: fact.problem ?? 'it is no path' }] };
    found.push(fact?.inside ?? file);
  }
  return { files: found, problems, searched: true };
}

/** How many withheld files are named; the first already decides. */
const NAMED = 20;

async function withheld(shown: Shown, root: string, { excluded }: CommandLook): Promise<PathFact[]> {
  const facts = shown.problems.map(({ asked, why }) => problem(asked, why));
  for (const file of shown.files) {
    if (facts.length >= NAMED) break;
    if (excluded(file) === null) continue;
    facts.push({ asked: file, inside: file, problem: null, needs });
  }
  if (facts.length > 0 || shown.searched !== true) return facts;
  return hardLinks(root, shown.files, excluded);
}
