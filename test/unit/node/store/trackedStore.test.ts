/** A store that came with a repository. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createGit } from '../../../../src/node/git/git';
import { refuseTrackedStore } from '../../../../src/node/store/trackedStore';
import { defaultStore, git, sampleFolder, temporaryFolder } from '../../../support/cli';

const FILE = '.openexec/store/runs/r/journal.jsonl';
const refuse = (root: string, environment: NodeJS.ProcessEnv = process.env): Promise<void> =>
  refuseTrackedStore(root, createGit({ environment }));
const refused = { code: 'usage', message: expect.stringContaining('git tracks files of the store') };

describe('a store', () => {
  test('of which git tracks a file is refused, also through a link and when the file is ignored', async () => {
    const folder = sampleFolder({ '.gitignore': '.openexec/store\n', [FILE]: '{}\n' });
    git(folder, 'add', '--force', FILE);
    await expect(refuse(defaultStore(folder))).rejects.toMatchObject(refused);
    const link = path.join(temporaryFolder(), 'link');
    fs.symlinkSync(defaultStore(folder), link, 'junction');
    await expect(refuse(link)).rejects.toMatchObject(refused);
  });

  test('that lies untracked in a repository, outside of any, or nowhere is somebody’s own', async () => {
    const folder = sampleFolder();
    await expect(refuse(defaultStore(folder))).resolves.toBeUndefined();
    fs.mkdirSync(path.join(defaultStore(folder), 'runs'), { recursive: true });
    fs.writeFileSync(path.join(defaultStore(folder), 'runs/a'), '');
    await expect(refuse(defaultStore(folder))).resolves.toBeUndefined();
    await expect(refuse(temporaryFolder())).resolves.toBeUndefined();
  });

  test('can be looked at where there is no git', async () => {
    await expect(refuse(temporaryFolder(), { PATH: temporaryFolder() })).resolves.toBeUndefined();
  });
});
