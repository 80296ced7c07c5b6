import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPolicy } from '../../../../src/node/policy/load';
import { knownNames, listBlueprints, loadBlueprint, loadToolset } from '../../../../src/node/runs/catalogue';
import type { Places } from '../../../../src/node/runs/named';

const text = (id: string, title = id, start = 'test') =>
  JSON.stringify({
    version: 1,
    id,
    title,
    description: `About ${id}.`,
    toolset: 'coding',
    start,
    nodes: { test: { type: 'deterministic', action: 'run_tests', on_success: 'done' } },
  });

describe('the catalogue of blueprints', () => {
  let root: string;
  let places: Places;

  beforeEach(async () => {
    root = await fs.mkdtemp(path.join(os.tmpdir(), 'oe-catalogue-'));
    places = { assets: path.join(root, 'assets'), workspace: path.join(root, 'workspace') };
    await write(places.assets, 'blueprints/shipped.yaml', text('shipped', 'Shipped'));
    await write(places.assets, 'policies/standard.yaml', 'version: 1\nid: standard\ndescription: x\nrules: []\n');
    await write(
      places.assets,
      'policies/toolsets/coding.yaml',
      'version: 1\nid: coding\ndescription: x\ntools: [search, run_project_command]\n',
    );
    await fs.mkdir(places.workspace);
  });
  afterEach(() => fs.rm(root, { recursive: true, force: true }));

  async function write(folder: string, name: string, content: string): Promise<void> {
    const file = path.join(folder, name);
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, content);
  }
  const own = (name: string, content: string) => write(places.workspace, `.openexec/blueprints/${name}`, content);

  it('lists the shipped ones first, then those of the workspace, each group by name', async () => {
    await own('b.yaml', text('b'));
    await own('a.yml', text('a'));
    await own('notes.txt', 'not a blueprint');
    const entries = await listBlueprints(places);
    expect(entries.map(({ id, origin }) => [id, origin])).toEqual([
      ['shipped', 'shipped'],
      ['a', 'workspace'],
      ['b', 'workspace'],
    ]);
    expect(entries[0]).toMatchObject({ title: 'Shipped', description: 'About shipped.', problems: [] });
  });

  it('lists a broken one with its problems, each as file:line:column, and refuses to load it with the first', async () => {
    await own('broken.yaml', text('broken', 'Broken', 'nowhere'));
    await own('worse.yaml', 'id: [\n');
    const entries = await listBlueprints(places);
    const problemsOf = (id: string) => entries.find((entry) => entry.id === id)?.problems ?? [];
    expect(problemsOf('broken')[0]).toMatch(/^\.openexec\/blueprints\/broken\.yaml:\d+:\d+ .*nowhere/);
    expect(problemsOf('worse')[0]).toMatch(/^\.openexec\/blueprints\/worse\.yaml:\d+:\d+ /);
    await expect(loadBlueprint('broken', places)).rejects.toMatchObject({
      code: 'blueprint_invalid',
      message: expect.stringContaining(problemsOf('broken')[0] ?? 'no problem'),
    });
  });

  it('lists one with warnings as one that can be started', async () => {
    const agent = '{"type":"agent","goal":"g","max_turns":1,"on_success":"done"}';
    await own('bold.yaml', text('bold').replace(/\{"type":"deterministic[^}]*\}/, agent));
    const bold = (await listBlueprints(places)).find((entry) => entry.id === 'bold');
    expect(bold).toMatchObject({ title: 'bold', problems: [] });
    expect(bold?.warnings).toEqual([
      expect.stringMatching(/^\.openexec\/blueprints\/bold\.yaml:1:\d+ nothing checks the work of "test"/),
    ]);
    expect((await loadBlueprint('bold', places)).id).toBe('bold');
  });

  it('warns of one that is not called as its file is, and of one that calls itself like a shipped one', async () => {
    await own('mine.yaml', text('other'));
    await own('wolf.yaml', text('shipped'));
    const warningsOf = async (id: string) =>
      (await listBlueprints(places)).find((entry) => entry.id === id)?.warnings.map((line) => line.split(/:\d+ /)[1]);
    expect(await warningsOf('mine')).toEqual([
      'the file is called "mine", and by that name the blueprint is started; give it the id "mine", or rename the file to other.yaml',
    ]);
    expect(await warningsOf('wolf')).toEqual([
      expect.stringMatching(/^the file is called "wolf"/),
      '"shipped" is a blueprint that ships with OpenExec, and the one that is started by this name; give this one another id and another file name',
    ]);
    expect(await warningsOf('shipped')).toEqual([]);
    expect((await loadBlueprint('mine', places)).id).toBe('other');
  });

  it('lists what cannot be read with one problem, however large or broken it is', async () => {
    await own('large.yaml', `#${'x'.repeat(300_000)}`);
    await write(places.workspace, '.openexec/blueprints/folder.yaml/inside.txt', '');
    await fs.writeFile(path.join(places.workspace, '.openexec/blueprints/binary.yaml'), Buffer.from([0x61, 0xff]));
    const told = (await listBlueprints(places)).map(({ id, problems }) => [
      id,
      ...problems.map((p) => p.split('.yaml:')[1]),
    ]);
    expect(told).toEqual([
      ['shipped'],
      ['binary', '1:2 this is not UTF-8 text'],
      ['folder', '1:1 this is not a file that can be read'],
      ['large', '1:1 the file is larger than 256 KiB'],
    ]);
    await expect(loadBlueprint('binary', places)).rejects.toMatchObject({ code: 'blueprint_invalid' });
  });

  it('refuses a toolset that is not shipped, or is broken, and a model that nobody provides', async () => {
    await own('mine.yaml', text('mine').replace('"coding"', '"wild"'));
    await write(places.workspace, '.openexec/policies/toolsets/wild.yaml', 'version: 1\nid: wild\n');
    await expect(loadBlueprint('mine', places)).rejects.toMatchObject({
      code: 'blueprint_invalid',
      message: expect.stringContaining('there is no toolset "wild"; known: coding'),
    });
    await own('mine.yaml', text('mine').replace('"start"', '"model":"nobody:x","start"'));
    await expect(loadBlueprint('mine', places)).rejects.toMatchObject({
      message: expect.stringContaining('there is no model provider "nobody"; known: anthropic, openai, '),
    });
    await write(places.assets, 'policies/toolsets/coding.yaml', 'version: 1\n');
    await expect(loadBlueprint('shipped', places)).rejects.toMatchObject({
      message: expect.stringContaining('there is no toolset "coding"'),
    });
  });

  it.each(['shipped.yaml', 'shipped.yml'])('lets no workspace take the id of a shipped one (%s)', async (name) => {
    await own(name, text('shipped', 'A wolf in the clothing'));
    const entries = await listBlueprints(places);
    expect(entries.map((entry) => entry.title)).toEqual(['Shipped']);
    expect((await loadBlueprint('shipped', places)).title).toBe('Shipped');
  });

  it('loads by id from the workspace, or by the path of a file in it', async () => {
    await own('mine.yml', text('mine'));
    await write(places.workspace, 'ci/other.yaml', text('other'));
    expect((await loadBlueprint('mine', places)).id).toBe('mine');
    expect((await loadBlueprint('ci/other.yaml', places)).id).toBe('other');
    expect((await loadBlueprint(path.join(places.workspace, 'ci/other.yaml'), places)).id).toBe('other');
  });

  it('names those there are when one is not known', async () => {
    await own('mine.yaml', text('mine'));
    await expect(loadBlueprint('nope', places)).rejects.toMatchObject({
      code: 'blueprint_unknown',
      message: 'There is no blueprint "nope". Known: mine, shipped; or name a file.',
    });
    await expect(loadPolicy('nope', places)).rejects.toMatchObject({ code: 'policy_unknown' });
    await expect(loadToolset('nope', places)).rejects.toMatchObject({ code: 'policy_unknown' });
  });

  it('never loads a policy in part', async () => {
    const rules = '  - { id: a, effect: allow, capabilities: [repo_read], reason: x }\n  - { id: b, effect: maybe }\n';
    await write(places.workspace, 'mine.yaml', `version: 1\nid: mine\ndescription: x\nrules:\n${rules}`);
    await expect(loadPolicy('mine.yaml', places)).rejects.toMatchObject({
      code: 'policy_invalid',
      message: expect.stringMatching(/^mine\.yaml:6:\d+ /),
    });
  });

  it('takes no policy from the workspace by id: its files bind nobody', async () => {
    await write(places.workspace, '.openexec/policies/open.yaml', 'version: 1\nid: open\ndescription: x\nrules: []\n');
    await expect(loadPolicy('open', places)).rejects.toMatchObject({ code: 'policy_unknown' });
  });

  it('takes toolsets of the workspace under names of their own, and never one for a shipped one', async () => {
    const set = (id: string) => `version: 1\nid: ${id}\ndescription: own\ntools: [read_file, mcp__docs__*]\n`;
    await write(places.workspace, '.openexec/toolsets/reading.yaml', set('reading'));
    await write(places.workspace, '.openexec/toolsets/coding.yaml', set('coding'));
    await write(places.workspace, '.openexec/toolsets/posing.yaml', set('coding'));
    expect(await loadToolset('reading', places)).toMatchObject({ id: 'reading', tools: ['read_file', 'mcp__docs__*'] });
    expect(await loadToolset('coding', places)).toMatchObject({ description: 'x' });
    await expect(loadToolset('posing', places)).rejects.toMatchObject({
      code: 'policy_invalid',
      message: '.openexec/toolsets/posing.yaml:2:5 "coding": the file is called posing',
    });
    const { toolsets } = await knownNames(places);
    expect([...toolsets.keys()]).toEqual(['coding', 'reading']);
    expect([...(await knownNames({ assets: places.assets })).toolsets.keys()]).toEqual(['coding']);
  });

  it('refuses a toolset with a tool that does not exist', async () => {
    await write(
      places.workspace,
      '.openexec/toolsets/odd.yaml',
      'version: 1\nid: odd\ndescription: x\ntools: [read_fil]\n',
    );
    await expect(loadToolset('odd', places)).rejects.toMatchObject({
      code: 'policy_invalid',
      message: '.openexec/toolsets/odd.yaml:4:9 there is no tool "read_fil"; did you mean "read_file"?',
    });
  });
});
