/** What the commands of a run can do to the machine, through the command line as people run it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { textOf } from '../../../src/core/events/payload';
import type { RunEvent } from '../../../src/core/events/schema';
import { blueprint, cli, defaultStore, journalOf, jsonOf, project, sampleFolder } from '../../support/cli';
import { CONFINEMENT, NOT_CONFINED_HERE, withoutConfinement } from '../../support/confinement';
import { callTools, say, startOpenAiServer } from '../../support/openaiServer';

const AGENT = { type: 'agent', goal: 'Do it.', max_turns: 3, on_success: 'done', on_failure: 'fail' };

/** Tries to get out: to the home folder, to the person's own work tree, to a server; says what became of it. */
const wayOut = (target: string, own: string): string => `import fs from 'node:fs';
const said = {};
const attempt = (name, step) => { try { step(); said[name] = 'did'; } catch (error) { said[name] = error.code; } };
attempt('inside', () => fs.writeFileSync('src/new.js', 'new\\n'));
attempt('home', () => fs.writeFileSync(${JSON.stringify(target)}, 'x'));
attempt('own', () => fs.writeFileSync(${JSON.stringify(own)}, 'x'));
await fetch('http://1.1.1.1/', { signal: AbortSignal.timeout(5000) }).then(
  () => { said.network = 'did'; },
  (error) => { said.network = error.cause?.code ?? error.name; },
);
console.log('said ' + JSON.stringify(said));
`;

async function runOf(calls: Parameters<typeof callTools>[0]) {
  const target = path.join(os.homedir(), `.oe-escape-${process.pid}`);
  const folder = sampleFolder({
    '.openexec/blueprints/mine.yaml': blueprint('mine', { work: AGENT }),
    '.openexec/project.yaml': project({ build: 'node tools/escape.mjs' }),
  });
  const own = path.join(folder, 'src/index.js');
  fs.writeFileSync(path.join(folder, 'tools/escape.mjs'), wayOut(target, own));
  const before = fs.readFileSync(own, 'utf8');
  const server = await startOpenAiServer(callTools(calls), say('Done.'));
  onTestFinished(() => server.close());
  onTestFinished(() => fs.rmSync(target, { force: true }));
  const end = await cli([
    ...['run', '--workspace', folder, '--blueprint', 'mine', '--task', 'Do it', '--json'],
    ...['--model', 'openai:test', '--base-url', server.baseUrl, '--approve', 'never'],
  ]);
  expect(end.code, end.stderr).toBe(0);
  const events = journalOf(defaultStore(folder));
  const finished = events.filter((event): event is RunEvent<'tool.finished'> => event.type === 'tool.finished');
  const { runId } = jsonOf<{ runId: string }>(end);
  expect(jsonOf(await cli(['replay', runId, '--workspace', folder, '--json']))).toMatchObject({ identical: true });
  return { finished, untouched: !fs.existsSync(target) && fs.readFileSync(own, 'utf8') === before };
}

const BUILD = { id: 'a', name: 'run_project_command', arguments: '{"name":"build"}' };
const LIST = { id: 'b', name: 'run_command', arguments: '{"command":"ls src"}' };

describe('the commands of an agent', () => {
  it.skipIf(NOT_CONFINED_HERE !== null)(
    'write only in the work tree, reach no network, and the record says so',
    async () => {
      const { finished, untouched } = await runOf([BUILD, LIST]);
      expect(finished.map(({ data }) => [data.tool, data.outcome, data.confinement])).toEqual([
        ['run_project_command', 'ok', CONFINEMENT],
        ['run_command', 'ok', CONFINEMENT],
      ]);
      const output = finished.map(({ data }) => textOf(data.output));
      expect(output[0]).toMatch(/said \{"inside":"did","home":"E(ROFS|PERM)","own":"E\w+","network":"E?\w+"\}/);
      expect(output[0]).not.toMatch(/"(home|own|network)":"did"/);
      expect(output[1]).toContain('new.js');
      expect(untouched).toBe(true);
    },
  );

  it.skipIf(process.platform === 'darwin')('say that nothing confined them where nothing does', async () => {
    withoutConfinement();
    const { finished } = await runOf([LIST]);
    expect(finished.map(({ data }) => data.confinement)).toEqual(['not confined']);
  });
});
