/** diff_report: everything that the run has changed so far, as one unified diff. */
import { redact, withoutTornEnd } from '../../core/gatekeeper/redact';
import { PLAIN_DIFF } from '../git/git';
import type { ToolAnswer, ToolContext } from './context';

const LIMIT = 4 * 1024 * 1024;
/** Said explicitly, so that no setting of the person's changes the bytes of the report. */
const FORM = [
  '--unified=3',
  '--full-index',
  '--diff-algorithm=myers',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--submodule=short',
];

export async function diffReport(context: ToolContext): Promise<ToolAnswer> {
  const { worktree, root, base, call, tree } = context;
  const diff = ['diff-tree', '-r', ...PLAIN_DIFF];
  const options = { env: worktree.env, limit: LIMIT };
  const patch = await worktree.git.run(root, [...diff, '-p', ...FORM, base.baseTree, tree], options);
  const counts = await worktree.git.run(root, [...diff, '--numstat', '-z', base.baseTree, tree], options);
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
  const shown = withoutKeys(patch.stdout, await filesWithKeys(context));
  const content = patch.cut ? `${withoutTornEnd(shown)}\n[cut: the diff is larger than ${LIMIT} bytes]\n` : shown;
  return {
    outcome: 'ok',
    output: [summary, ...stat].join('\n'),
    events: [
      {
        type: 'artifact.created',
        data: { call, name: 'diff', kind: 'diff', media: 'text/x-diff', content, summary },
      },
    ],
  };
}

/** Files that hold a private key before or after: a hunk may show a part of it that looks like nothing by itself. */
async function filesWithKeys({ worktree, base, tree }: ToolContext): Promise<Set<string>> {
  const held = new Set<string>();
  for (const { path, before, after } of await worktree.changes(base.baseTree, tree)) {
    for (const file of [before, after]) {
      if (file === null) continue;
      const text = (await worktree.readBlob(file)).toString('latin1');
      if (redact(text).counts['private-key'] !== undefined) held.add(path);
    }
  }
  return held;
}

/** The diff with the hunks of those files left out. */
function withoutKeys(diff: string, held: ReadonlySet<string>): string {
  if (held.size === 0) return diff;
  return diff
    .split(/^(?=diff --git )/m)
    .map((section) => {
      const isHeld = [...held].some((file) => section.startsWith(`diff --git a/${file} b/${file}\n`));
      const hunks = section.search(/^@@ /m);
      return isHeld && hunks >= 0 ? `${section.slice(0, hunks)}[withheld: the file holds a private key]\n` : section;
    })
    .join('');
}
