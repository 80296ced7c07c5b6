/** What stands in the settings and is wrong is one line of the report, and the rest is looked at all the same. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { OpenExecError } from '../../../../src/core/kernel/errors';
import { runDoctor } from '../../../../src/node/doctor/doctor';
import { createGit } from '../../../../src/node/git/git';
import { monotonic } from '../../../../src/node/system/time';
import { sampleFolder } from '../../../support/cli';
import { RULES_ALONE } from '../../../support/gatekeeper';
import { NOTHING_SET } from '../../../support/nothingSet';

const refused = (message: string) => (): never => {
  throw new OpenExecError('config_invalid', message);
};

test('a policy and a gatekeeper model that are set wrongly are failed lines among the others', async () => {
  const folder = sampleFolder();
  const options = {
    folder,
    git: createGit({ environment: process.env }),
    environment: process.env,
    assets: path.resolve(import.meta.dirname, '../../../..'),
    policyFiles: { managed: path.join(folder, 'none.yaml'), user: null },
    store: { root: path.join(folder, '.openexec', 'store'), runs: async () => null },
    model: { ...NOTHING_SET, model: undefined, allowFiles: false, monotonic },
  };
  const broken = { policy: refused('The policy is no text.'), classifier: refused('The model is no folder.') };
  const checks = await runDoctor({ ...options, ...broken });
  expect(checks.find(({ name }) => name === 'policy')).toMatchObject({ ok: false, detail: 'The policy is no text.' });
  expect(checks.find(({ name }) => name === 'gatekeeper model')).toMatchObject({
    ok: false,
    detail: 'The model is no folder.',
  });
  const sound = await runDoctor({ ...options, policy: () => 'strict', classifier: () => RULES_ALONE });
  expect(sound.map(({ name }) => name)).toEqual(checks.map(({ name }) => name));
  expect(sound.find(({ name }) => name === 'policy')).toMatchObject({ ok: true });
});
