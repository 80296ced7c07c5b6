/** diff_report: everything that the run has changed so far, as one unified diff. */
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
  const content = patch.stdout + (patch.cut ? `\n[cut: the diff is larger than ${LIMIT} bytes]\n` : '');
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
