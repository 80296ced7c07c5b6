/** `git` as a command of the run: with nothing that a repository or a setting could make it execute. */
import path from 'node:path';
import { hardenedEnvironment } from '../git/git';

/** Verbs that could start a program for what they show; with these options they do not. */
const SHOWING = new Set(['diff', 'log', 'show']);
const PLAINLY = ['--no-ext-diff', '--no-textconv'];

/** True for the program `git`, wherever it lies. */
export const isGit = (program: string): boolean => /^git(?:\.exe)?$/i.test(path.basename(program));

/** What is set in the environment of a git command, and the arguments it really gets. */
export function hardenedGit(args: readonly string[]): { args: readonly string[]; env: Record<string, string> } {
  const at = args.findIndex((arg) => !arg.startsWith('-'));
  const showing = SHOWING.has(args[at] ?? '');
  const plainly = showing ? [...args.slice(0, at + 1), ...PLAINLY, ...args.slice(at + 1)] : args;
  return { args: plainly, env: hardenedEnvironment() };
}
