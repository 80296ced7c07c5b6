/** Names of people that somebody has listed are taken out of everything. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Chunks } from '../../../../src/core/gatekeeper/gate';
import { listedNames } from '../../../../src/node/gatekeeper/listedNames';
import { openGate } from '../../../../src/node/gatekeeper/openGate';
import { createGit } from '../../../../src/node/git/git';
import { git, temporaryFolder, writeIn } from '../../../support/cli';

const userFile = (folder: string) => ({ managed: '/nowhere', user: path.join(folder, 'policy.yaml') });

describe('listed names', () => {
  it('are those of the workspace and of the person, each once', async () => {
    const [root, own] = [temporaryFolder(), temporaryFolder()];
    writeIn(root, '.openexec/names.txt', '\uFEFF# customers\r\nMaija Meikäläinen\r\n\r\n');
    writeIn(own, 'names.txt', 'Maija Meikäläinen\nPat Doe\n');
    expect(await listedNames(root, userFile(own))).toEqual(['Maija Meikäläinen', 'Pat Doe']);
    expect(await listedNames(null, userFile(own))).toHaveLength(2);
    expect(await listedNames(temporaryFolder(), { user: null })).toEqual([]);
  });

  it.each(['ab', '1234', 'x'.repeat(101)])(
    'that are none are refused by their line, without saying it: %s',
    async (line) => {
      const root = temporaryFolder();
      writeIn(root, '.openexec/names.txt', `Pat Doe\n${line}\n`);
      const refusal = await listedNames(root, { user: null }).catch((error: Error) => error.message);
      expect(refusal).toMatch(/names\.txt:2: a name has 3 to 100 characters/);
      expect(refusal).not.toContain(line);
    },
  );

  it('are taken out by the gate of a run, and of text that comes in pieces', async () => {
    const root = temporaryFolder();
    writeIn(root, '.openexec/names.txt', 'Maija Meikäläinen\n');
    git(root, 'init', '-q');
    const ports = {
      environment: {},
      git: createGit({ environment: process.env }),
      policyFiles: userFile(temporaryFolder()),
    };
    const gate = await openGate({ root, stored: [] }, ports);
    expect(gate.redact('for maija meikäläinen only').text).toBe('for «name:1» only');
    expect(new Chunks(['Pat Doe']).end().text).toBe('');
    const chunks = new Chunks(['Pat Doe']);
    expect([...chunks.add('to Pat '), ...chunks.add('Doe.'), chunks.end()].map(({ text }) => text).join('')).toBe(
      'to «name».',
    );
  });
});
