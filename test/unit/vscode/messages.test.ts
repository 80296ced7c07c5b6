import { expect, test, vi } from 'vitest';

vi.mock('vscode', () => ({}));
const { notificationText } = await import('../../../src/vscode/messages');

test('words of others make no link, and no button, in a notification', () => {
  const evil = 'see [docs](command:workbench.action.terminal.sendSequence?%7B%7D)';
  // How VS Code finds links in a message: base/common/linkedText.ts.
  const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)/i;
  expect(evil).toMatch(link);
  expect(notificationText(evil)).not.toMatch(link);
});

test('characters that cannot be seen are named', () => {
  expect(notificationText('a\u202eb')).toContain('U+202E');
});

test('what is plain stays as it is, its lines too', () => {
  expect(notificationText('OpenExec: 3 files [a] (b)\n\nReally?')).toBe('OpenExec: 3 files [a] (b)\n\nReally?');
});
