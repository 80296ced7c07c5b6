/**
 * git_status, git_diff and git_log: what git says about the run's copy, by hardened calls of ours. What a run has changed
 * is what differs from the commit that it started from; nothing here reads what the policy withholds.
 */
import fs from 'node:fs/promises';
import nodePath from 'node:path';
import { mayHold } from '../../core/gatekeeper/bounds';
import { withoutTornEnd } from '../../core/gatekeeper/redact';
import { oneLine } from '../../core/kernel/text';
import type { ToolInput } from '../../core/tools/contracts';
import { PLAIN_DIFF } from '../git/git';
import type { TreeChange } from '../workspace/changes';
import { OPENEXEC_IDENTITY } from '../workspace/repository';
import type { Worktree } from '../workspace/worktree';
import { answer, failure, type ToolAnswer, type ToolContext } from './context';
import { DIFF_FORM, filesWithKeys } from './diffReport';
import { isUnder } from './grep';
import { nameInLine } from './text';

const NAMES = 1000;
/** Files of one diff: as many as fit on a command line everywhere. */
const DIFFED = { files: 100, characters: 16_000 };
const DIFF_BYTES = 60 * 1024;
const LOG_BYTES = 60 * 1024;
const COMMITS = 20;

/** git_status: every file that differs from the run's base, `A`, `M` or `D` before its name; what is out of bounds is counted. */
export async function gitStatus({
  worktree,
  base,
  tree,
  excluded,
}: Pick<ToolContext, 'base' | 'tree' | 'excluded'> & {
  readonly worktree: Pick<Worktree, 'changes'>;
}): Promise<ToolAnswer> {
  const all = await worktree.changes(base.baseTree, tree);
  if (all.length === 0) return answer('nothing differs from the commit that the run started from');
  const changes = all.filter(({ path }) => excluded(path) === null);
  const hidden = all.length - changes.length;
  const lines = changes.slice(0, NAMES).map((change) => `${letterOf(change)} ${nameInLine(change.path)}`);
  const rest = changes.length - lines.length;
  const cut = rest > 0 ? [`[cut: ${rest} more files are not shown]`] : [];
  const head = `${count(all.length)} from the commit that the run started from`;
  const left = hidden > 0 ? [`[left out: ${hidden} outside of the zones or kept out of this run]`] : [];
  return answer([head, ...lines, ...cut, ...left].join('\n'));
}

const letterOf = ({ before, after }: TreeChange): string => (before === null ? 'A' : after === null ? 'D' : 'M');

const count = (files: number): string => (files === 1 ? '1 file differs' : `${files} files differ`);

/** git_diff: what differs from the run's base below a path, as a unified diff. */
export async function gitDiff(
  context: ToolContext,
  _input: ToolInput<'git_diff'>,
  [path = '.']: readonly string[],
): Promise<ToolAnswer> {
  const { worktree, root, base, tree, signal } = context;
  const all = await worktree.changes(base.baseTree, tree);
  const paths = all.map((change) => change.path).filter((file) => path === '.' || isUnder(file, path));
  if (paths.length === 0) return answer(`${path}: nothing differs from the commit that the run started from`);
  const ruled = paths.flatMap((file) => {
    const rule = context.excluded(file);
    return rule === null ? [] : [{ file, why: `withheld by the rule ${rule}` }];
  });
  const isRuled = new Set(ruled.map(({ file }) => file));
  const open = paths.filter((file) => !isRuled.has(file));
  const looked = fitting(open);
  const keys = await filesWithKeys(context, base.baseTree, new Set(looked));
  const withheld = [...ruled, ...[...keys].map((file) => ({ file, why: 'it holds a private key' }))];
  const shown = looked.filter((file) => !keys.has(file));
  const args = ['diff-tree', '-r', ...PLAIN_DIFF, '-p', ...DIFF_FORM, base.baseTree, tree, '--', ...shown];
  const env = { ...worktree.env, GIT_LITERAL_PATHSPECS: '1' };
  const diff = shown.length === 0 ? null : await worktree.git.run(root, args, { env, signal, limit: DIFF_BYTES });
  const more = open.length - looked.length;
  return answer(
    [
      `${count(paths.length)} from the commit that the run started from`,
      ...(diff === null ? [] : [bounded(context, diff)]),
      ...(diff?.cut === true ? ['[cut: the diff is longer; ask for one folder or file with "path"]'] : []),
      ...(more > 0 ? [`[cut: ${more} more files are not shown; ask for one folder or file with "path"]`] : []),
      ...withheld.slice(0, NAMES).map(({ file, why }) => `[not shown: ${nameInLine(file)}: ${why}]`),
    ].join('\n'),
  );
}

/** The first names that fit on a command line. */
function fitting(files: readonly string[]): string[] {
  let characters = 0;
  return files.filter((file, at) => {
    characters += file.length + 1;
    return at < DIFFED.files && characters <= DIFFED.characters;
  });
}

/** Without secrets, and without what may be half of one at a cut end. */
const bounded = ({ gate }: Pick<ToolContext, 'gate'>, { stdout, cut }: { stdout: string; cut: boolean }): string =>
  gate.redactLines(cut ? withoutTornEnd(stdout) : stdout).text.replace(/\n$/, '');

const isFolder = async (root: string, place: string): Promise<boolean> =>
  (await fs.lstat(nodePath.join(root, place)).catch(() => null))?.isDirectory() === true;

/** git_log: hash, date, author and subject of the last commits up to the one that the run started from. */
export async function gitLog(
  context: ToolContext,
  { count: asked = COMMITS }: ToolInput<'git_log'>,
  [path = '.']: readonly string[],
): Promise<ToolAnswer> {
  const rule = path === '.' ? null : context.excluded(path);
  if (rule !== null) return failure(`${path}: withheld from prompts by the rule ${rule}`);
  const { worktree, root, base, signal, bounds } = context;
  if (path !== '.' && bounds !== null && !mayHold(bounds.zones, path) && (await isFolder(root, path)))
    return failure(`${path}: withheld from prompts by the rule zones`);
  const form = ['-z', '--no-color', '--no-patch', '--no-notes', '--format=%H%x1f%aI%x1f%an%x1f%s'];
  const args = ['log', `--max-count=${asked + 1}`, ...form, base.baseCommit, '--', ...(path === '.' ? [] : [path])];
  const env = { ...worktree.env, GIT_LITERAL_PATHSPECS: '1' };
  const log = await worktree.git.run(root, args, { env, signal, limit: LOG_BYTES });
  const rows = log.stdout
    .split('\0')
    .slice(0, log.cut ? -1 : undefined)
    .map((record) => record.split('\x1f').map((field) => oneLine(field, 300)))
    // What the person had not committed yet is a commit of ours, which is in nobody's history.
    .filter(([hash, , author]) => !(hash === base.baseCommit && author === OPENEXEC_IDENTITY.name))
    .flatMap(([hash = '', date = '', author = '', ...subject]) =>
      hash === '' ? [] : [[hash, date, author, subject.join(' ')]],
    )
    .slice(0, asked);
  if (rows.length === 0) return answer(`${path}: there are no commits`);
  const cut = log.cut ? ['[cut: more commits are not shown; ask for fewer with "count"]'] : [];
  return answer([context.gate.redactLines(rows.map((row) => row.join('  ')).join('\n')).text, ...cut].join('\n'));
}
