/** The layers of a run off the disk: absent is no layer, anything else that cannot be used refuses the start. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadLayers, loadPolicy, policyKnown } from '../../../../src/node/policy/load';

const ASSETS = path.resolve(import.meta.dirname, '../../../..');
const RULE = '{ id: mine, effect: deny, capabilities: [repo_read], paths: [x], reason: because }';
const policy = (id: string, more = ''): string => `version: 1\nid: ${id}\ndescription: x\n${more}rules:\n  - ${RULE}\n`;

let base: string;
const managed = () => path.join(base, 'etc/policy.yaml');
const user = () => path.join(base, 'home/policy.yaml');
const own = () => path.join(base, 'work/.openexec/policy.yaml');
const places = () => ({ assets: ASSETS, workspace: path.join(base, 'work') });
const files = () => ({ managed: managed(), user: user() });
const layers = () => loadLayers(files(), places());

function write(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

beforeEach(() => {
  base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'oe-layers-')));
  fs.mkdirSync(path.join(base, 'work'));
});
afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

describe('the layers', () => {
  it('are those that are there, from managed to workspace, with their place and what they may do', async () => {
    expect(await layers()).toEqual([]);
    write(own(), policy('repo'));
    write(user(), policy('me'));
    write(managed(), policy('company'));
    expect((await layers()).map(({ layer, source, complete, policy }) => [layer, source, complete, policy.id])).toEqual(
      [
        ['managed', managed(), true, 'company'],
        ['user', user(), false, 'me'],
        ['workspace', '.openexec/policy.yaml', false, 'repo'],
      ],
    );
  });

  it('hold the rules of the shipped policy that they extend, and no word of it', async () => {
    write(managed(), policy('company', 'extends: standard\n'));
    const [layer] = await layers();
    expect(layer?.policy).not.toHaveProperty('extends');
    expect(layer?.policy.rules.map(({ id }) => id)).toEqual(expect.arrayContaining(['secrets-never-read', 'mine']));
  });

  it.each([
    ['managed', managed],
    ['user', user],
    ['workspace', own],
  ] as const)('refuse the start for a broken file of the %s layer, with its place', async (_layer, file) => {
    write(file(), `${policy('broken')}  - { id: b, effect: maybe }\n`);
    const shown = file() === own() ? '.openexec/policy.yaml' : file();
    const refused = { code: 'policy_invalid', message: expect.stringContaining(`${shown}:6:`) };
    await expect(layers()).rejects.toMatchObject(refused);
  });

  it('refuse the start for a file that is there and is none that can be read', async () => {
    const refused = {
      code: 'policy_invalid',
      message: expect.stringMatching(/:1:1 this is not a file that can be read$/),
    };
    fs.mkdirSync(managed(), { recursive: true });
    await expect(layers()).rejects.toMatchObject(refused);
    fs.rmSync(managed(), { recursive: true });
    fs.symlinkSync(path.join(base, 'nowhere'), managed());
    await expect(layers()).rejects.toMatchObject(refused);
  });

  it('refuse the start for a file that extends what is not shipped, itself among it', async () => {
    write(user(), policy('me', 'extends: me\n'));
    await expect(layers()).rejects.toMatchObject({
      code: 'policy_invalid',
      message: `${user()}:4:10 "me" is not a policy that is shipped; there are: read_only, standard, strict`,
    });
  });
});

describe('a chosen policy', () => {
  it('says where it was read', async () => {
    write(path.join(base, 'work/mine.yaml'), policy('mine'));
    write(path.join(base, 'else.yaml'), policy('else'));
    const source = async (named: string) => (await loadPolicy(named, places())).source;
    expect(await source('strict')).toBe('shipped with OpenExec');
    expect(await source('mine.yaml')).toBe('mine.yaml');
    expect(await source('../else.yaml')).toBe(path.join(base, 'else.yaml'));
  });

  it('is refused when one of its examples is wrong', async () => {
    const wrong = RULE.replace(' }', ', examples: [{ tool: read_file, input: { path: y } }] }');
    write(path.join(base, 'work/mine.yaml'), policy('mine').replace(RULE, wrong));
    await expect(loadPolicy('mine.yaml', places())).rejects.toMatchObject({
      code: 'policy_invalid',
      message: expect.stringMatching(/^mine\.yaml:5:\d+ rule mine: the rule does not match \{"path":"y"\}$/),
    });
  });

  it('grants, and the file of a layer that tightens does not', async () => {
    const complete = async (file: string) => (await policyKnown(file, files(), places())).complete;
    expect(await Promise.all([managed(), user(), own(), path.join(base, 'work/mine.yaml')].map(complete))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});
