import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { knownValuesOf } from '../../../../src/node/gatekeeper/knownValues';
import { temporaryFolder, writeIn } from '../../../support/cli';

describe('the values that are known for a workspace', () => {
  it('come from environment files in any folder, the environment and storage, and from nothing else', async () => {
    const root = temporaryFolder();
    writeIn(root, '.env', 'DB_PASSWORD=zebra-quilt-93x\nPORT=3000\n');
    writeIn(root, 'packages/api/.env.local', 'API_TOKEN="abc def 123"\n');
    writeIn(root, '.env.example', 'API_TOKEN=not-this-one-1\n');
    writeIn(root, 'node_modules/x/.env', 'API_TOKEN=nor-this-one-2\n');
    fs.symlinkSync(path.join(root, '.env'), path.join(root, '.env.linked'));
    const environment = { MY_SECRET: 'from-env-77', PATH: '/bin', HOME: '/root' };
    const known = await knownValuesOf({ root, environment, stored: ['stored-88'] });
    expect(known.map(({ kind, value }) => `${kind} ${value}`)).toEqual([
      'stored-key stored-88',
      'env-value from-env-77',
      'env-value zebra-quilt-93x',
      'env-value abc def 123',
    ]);
  });

  it('are no places, whatever the name of the variable says: a secret may begin like a path all the same', async () => {
    const root = temporaryFolder();
    const environment = { PWD: root, OLD_PASSWORD: path.join(root, 'no-such-file-5'), ASKPASS_TOKEN: process.execPath };
    const known = await knownValuesOf({ root, environment, stored: [] });
    expect(known.map(({ value }) => value)).toEqual([path.join(root, 'no-such-file-5')]);
  });
});
