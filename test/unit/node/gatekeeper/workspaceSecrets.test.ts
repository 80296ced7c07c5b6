/** What is known of a repository's secrets before a run begins. */
import { describe, expect, it } from 'vitest';
import { createGate } from '../../../../src/core/gatekeeper/gate';
import { openGate } from '../../../../src/node/gatekeeper/openGate';
import { workspaceSecrets } from '../../../../src/node/gatekeeper/workspaceSecrets';
import { createGit } from '../../../../src/node/git/git';
import { CODE, FILES, PRIVATE_KEY } from '../../../canary/planted';
import { sampleFolder } from '../../../support/cli';

const git = createGit({ environment: process.env });
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const policyFiles = { managed: '/nowhere', user: null };

describe('the secrets of a repository', () => {
  it('are the values in its files, tracked or not', async () => {
    const values = (await workspaceSecrets(sampleFolder(FILES), git)).map(({ value }) => value);
    for (const { value } of [CODE.github, CODE.awsSecret, CODE.anthropic]) expect(values).toContain(value);
    // A key by its lines, for one alone may be shown.
    expect(values).toContain(PRIVATE_KEY.core);
  });

  it('are no hashes of lock files, no words that somebody calls a password, nothing of what git ignores', async () => {
    const folder = sampleFolder({
      '.gitignore': 'ignored.js\n',
      'ignored.js': `export const token = '${CODE.github.value}';\n`,
      'package-lock.json': `{"integrity":"sha512-${base64('x'.repeat(64))}","token":"${CODE.npm.value}"}\n`,
      'form.js': `export const password = 'correct horse battery';\n`,
      'binary.bin': `\0${CODE.slack.value}`,
    });
    expect(await workspaceSecrets(folder, git)).toEqual([]);
  });

  it('are found by the gate when a program prints the file in base64, under the placeholder of the value itself', async () => {
    const folder = sampleFolder(FILES);
    const gate = await openGate({ root: folder, stored: [] }, { environment: {}, git, policyFiles });
    const text = FILES['src/settings.js'] ?? '';
    const { text: clear } = gate.redact(base64(text));
    expect(clear).toContain('«github-token:1»');
    expect(gate.redact(`token ${CODE.github.value}`).text).toBe('token «github-token:1»');
    // A gate that does not know the repository lets it through: it is the knowledge that keeps it.
    expect(createGate({ known: [], names: [] }).redact(base64(text)).text).toBe(base64(text));
  });

  it('are those of secret storage and of the environment too', async () => {
    const folder = sampleFolder();
    const [stored, exported] = ['qN7rT2vX9zB4kM8pW1cL', 'hD5gS0jF3aQ6yU2eR8tZ'];
    const gate = await openGate(
      { root: folder, stored: [stored] },
      { environment: { DEPLOY_TOKEN: exported }, git, policyFiles },
    );
    const { text } = gate.redact(`${base64(`a${stored}b`)} and ${exported} and ${Buffer.from(stored).toString('hex')}`);
    for (const part of [stored, exported, base64(`a${stored}b`).slice(4, 24)]) expect(text).not.toContain(part);
    expect(text).toContain('«stored-key:1»');
    expect(text).toContain('«env-value:1»');
  });
});
