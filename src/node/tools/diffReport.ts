/** diff_report: everything that the run has changed so far, or since a tree of it, as one unified diff. */
import { redact, withoutTornEnd } from '../../core/gatekeeper/redact';
import type { ToolInput } from '../../core/tools/contracts';
import { PLAIN_DIFF } from '../git/git';
import { failure, type ToolAnswer, type ToolContext } from './context';

const LIMIT = 4 * 1024 * 1024;
/** Said explicitly, so that no setting of the person's changes the bytes of the report. */
export const DIFF_FORM = [
  '--unified=3',
  '--full-index',
  '--diff-algorithm=myers',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--submodule=short',
];

export async function diffReport(context: ToolContext, input: ToolInput<'diff_report'>): Promise<ToolAnswer> {
  const { worktree, root, base, call, tree, signal } = context;
  const { since = base.baseTree, name } = input;
  if (name !== undefined && !/^[a-z][a-z0-9_-]*$/.test(name))
    return failure('the name of the artifact is no identifier');
  if (!(await isTree(context, since))) return failure(`${since} is not the hash of a tree that this repository has`);
  const diff = ['diff-tree', '-r', ...PLAIN_DIFF];
  const options = { env: worktree.env, limit: LIMIT, signal };
  const patch = await worktree.git.run(root, [...diff, '-p', ...DIFF_FORM, since, tree], options);
  const counts = await worktree.git.run(root, [...diff, '--numstat', '-z', since, tree], options);
  const rows = counts.stdout
    .split('\0')
    .filter((row) => row !== '')
    .map((row) => row.split('\t'));
  const sum = (column: number) => rows.reduce((total, row) => total + (Number(row[column]) || 0), 0);
  const files = rows.length === 1 ? '1 file' : `${rows.length} files`;
  const summary = rows.length === 0 ? 'nothing was changed' : `${files} changed, +${sum(0)} -${sum(1)} lines`;
  const stat = rows.map(([added, removed, path]) =>
    added === '-' ? `${path} (binary)` : `${path} +${added} -${removed}`,
  );
  const keys = await filesWithKeys(context, since);
  const shown = withoutKeys(patch.stdout, new Map([...outOfBounds(context, rows), ...[...keys].map(held)]));
  const content = patch.cut ? `${withoutTornEnd(shown)}\n[cut: the diff is larger than ${LIMIT} bytes]\n` : shown;
  return {
    outcome: 'ok',
    output: [summary, ...stat].join('\n'),
    events: [
      {
        type: 'artifact.created',
        data: { call, ...kindOf(name), media: 'text/x-diff', content, summary },
      },
    ],
  };
}

/** A diff that has a name of its own is what an agent delivers: a patch. */
const kindOf = (name: string | undefined) =>
  name === undefined ? ({ name: 'diff', kind: 'diff' } as const) : ({ name, kind: 'patch' } as const);

/** Only a whole hash will do: a name or a revision would lead elsewhere tomorrow. */
async function isTree({ worktree, root, signal }: ToolContext, hash: string): Promise<boolean> {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(hash)) return false;
  const options = { env: worktree.env, allowExit: [1, 128], signal };
  const { stdout, exitCode } = await worktree.git.run(root, ['cat-file', '-t', hash], options);
  return exitCode === 0 && stdout.trim() === 'tree';
}

/** Files that hold a private key before or after: a hunk may show a part of it that looks like nothing by itself. */
export async function filesWithKeys(
  { worktree, tree, signal }: ToolContext,
  since: string,
  only: ReadonlySet<string> | null = null,
): Promise<Set<string>> {
  const held = new Set<string>();
  for (const { path, before, after } of await worktree.changes(since, tree)) {
    signal.throwIfAborted();
    if (only?.has(path) === false) continue;
    for (const file of [before, after]) {
      if (file === null) continue;
      const text = (await worktree.readBlob(file)).toString('latin1');
      if (redact(text).counts['private-key'] !== undefined) held.add(path);
    }
  }
  return held;
}

const held = (file: string) => [file, 'the file holds a private key'] as const;

/** What a command changed where the run may not look is named, and not shown. */
function outOfBounds({ excluded }: ToolContext, rows: readonly string[][]): [file: string, why: string][] {
  return rows.flatMap(([, , file = '']): [string, string][] => {
    const rule = excluded(file);
    return rule === null ? [] : [[file, `the rule ${rule} keeps it from this run`]];
  });
}

/** The diff with the hunks of those files left out, and why. */
function withoutKeys(diff: string, held: ReadonlyMap<string, string>): string {
  if (held.size === 0) return diff;
  return diff
    .split(/^(?=diff --git )/m)
    .map((section) => {
      const why = [...held].find(([file]) => section.startsWith(`diff --git a/${file} b/${file}\n`))?.[1];
      const hunks = section.search(/^@@ /m);
      return why !== undefined && hunks >= 0 ? `${section.slice(0, hunks)}[withheld: ${why}]\n` : section;
    })
    .join('');
}
