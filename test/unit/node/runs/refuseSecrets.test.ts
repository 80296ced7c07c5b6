/** What is frozen with a run holds no secret that is known of its workspace, whatever that looks like. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PreparePorts, prepareRun } from '../../../../src/node/runs/prepareRun';
import type { Runtime } from '../../../../src/node/runs/runtime';
import { blueprint, only, project, sampleFolder } from '../../../support/cli';
import { testPorts, testRequest, testRuntime } from '../../../support/runtime';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

/** Known only because it stands in an environment file: nothing about it says what it is. */
const SECRET = createHash('sha256').update('a password').digest('hex').slice(0, 40);

let bench: StoreBench;
let runtime: Runtime;
beforeAll(async () => {
  bench = await storeBench();
  runtime = await testRuntime(bench);
});
afterAll(() => bench.dispose());

const folderWith = (command: string): string =>
  sampleFolder({
    '.openexec/blueprints/mine.yaml': blueprint('mine', { test: only('run_tests') }),
    '.openexec/project.yaml': project({ test: command }),
    '.env': `SESSION_SECRET=${SECRET}\n`,
  });

type Listed = Awaited<ReturnType<NonNullable<Parameters<typeof prepareRun>[3]>>>;
/** One server with one tool. */
const listed = (command: string[], description: string, about = ''): Listed => {
  const inputSchema = JSON.stringify({ type: 'object', properties: { text: { description: about } } });
  return {
    mcp: [{ name: 'mcp__notes__save', server: 'notes', tool: 'save', description, inputSchema, sha256: 'x' }],
    mcpServers: [{ id: 'notes', origin: 'workspace', command, envAllow: [] }],
  };
};
const prepared = (folder: string, tools: Listed = {}) => {
  const ports: PreparePorts = testPorts();
  return prepareRun(testRequest(folder), runtime, ports, async () => tools);
};

it.each([
  ['a command of the project', `node test.mjs ${SECRET}`, {}, /The project's test command .* holds what looks like/],
  ['the command of an MCP server', 'node test.mjs', listed(['notes', SECRET], 'Saves.'), /MCP server notes holds/],
  ['what a tool is said to do', 'node test.mjs', listed(['notes'], `Saves ${SECRET}.`), /describes its tool save/],
  ['what its input is said to be', 'node test.mjs', listed(['notes'], 'Saves.', SECRET), /describes its tool save/],
  [
    'what it is said to do, in base64',
    'node test.mjs',
    listed(['notes'], Buffer.from(`x${SECRET}`).toString('base64')),
    /describes its tool save/,
  ],
])('a known secret in %s is refused, and the refusal does not tell it', async (_where, command, tools, words) => {
  const preparing = prepared(folderWith(command), tools);
  await expect(preparing).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringMatching(words) });
  await expect(preparing).rejects.toMatchObject({ message: expect.not.stringContaining(SECRET) });
});

it('the same without it is taken', async () => {
  const { frozen } = await prepared(folderWith('node test.mjs'), listed(['notes'], 'Saves.', 'For a@example.org.'));
  expect(frozen.mcp?.map(({ name }) => name)).toEqual(['mcp__notes__save']);
});
