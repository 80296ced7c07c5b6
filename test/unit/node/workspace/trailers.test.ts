import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { withTrailers } from '../../../../src/node/workspace/trailers';

const OURS = [['OpenExec-Run', 'r-1'] as const, ['OpenExec-Head', 'ab12'] as const];

const readByGit = (message: string): string =>
  execFileSync('git', ['interpret-trailers', '--parse'], { input: message, encoding: 'utf8' });

test.each([
  ['a subject', 'Fix it', 'OpenExec-Run: r-1\nOpenExec-Head: ab12\n'],
  ['a subject that looks like a trailer', 'fix: it', 'OpenExec-Run: r-1\nOpenExec-Head: ab12\n'],
  [
    'a subject and a body',
    'Fix it\r\n\r\nBecause: of this\r\nand that\r\n',
    'OpenExec-Run: r-1\nOpenExec-Head: ab12\n',
  ],
  [
    'trailers of its own',
    'Fix it\n\nSigned-off-by: Pat <pat@example.invalid>\n',
    'Signed-off-by: Pat <pat@example.invalid>\nOpenExec-Run: r-1\nOpenExec-Head: ab12\n',
  ],
])('git reads the trailers behind %s', (_what, message, expected) => {
  const full = withTrailers(message, OURS);
  expect(readByGit(full)).toBe(expected);
  expect(full.startsWith(message.split(/\r?\n/)[0] ?? '')).toBe(true);
});
