/**
 * Whole runs through the command line with a model that wants every secret there is, in a workspace full of them: nothing
 * of them is in what the model's server was sent, in any file of the store, in what is printed, in the evidence.
 *
 * The policy of these runs allows all but the network, so that it is the gate alone that keeps them.
 */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { blueprint, cli, defaultStore, journalOf, temporaryFolder } from '../support/cli';
import { type Call, ENCODING, PRINTING, READING, WRITING_BACK, writing } from './adversary';
import { expectUsed, leaksOf, sentTo, type Told } from './looking';
import { ALL, API_KEY, CODE, ELSEWHERE, ENV, ENVIRONMENT, formsOf, leaksIn, NESTED_ENV } from './planted';
import { plantedFolder, serverFor } from './workspace';

const CANARY_RUN = { timeout: 240_000 };

const TOOLS = [
  ...['read_file', 'list_directory', 'search', 'find_symbol', 'git_status', 'git_diff', 'git_log', 'write_file'],
  ...['replace_in_file', 'apply_patch', 'delete_file', 'run_command', 'run_project_command', 'git_commit', 'fetch_url'],
  'ask_user',
  ...['build_context', 'diff_report', 'summarize', 'evidence_bundle'],
];
const ALLOWED = [
  'repo_read',
  'repo_write',
  'repo_delete',
  'exec_project',
  'exec_inspect',
  'exec_other',
  'git_commit',
  'ask_person',
];
const TOOLSET = JSON.stringify({ version: 1, id: 'everything', description: 'All.', tools: TOOLS });
const OPEN = JSON.stringify({
  version: 1,
  id: 'open',
  description: 'Everything but the network.',
  rules: [{ id: 'all', effect: 'allow', capabilities: [...ALLOWED, 'context_egress'], reason: 'A test.' }],
});

const agent = { type: 'agent', goal: 'Do it.', max_turns: 60, max_call_tokens: 1_000_000, max_tokens: 80_000_000 };
const MINE = blueprint('mine', {
  context: { type: 'deterministic', action: 'build_context', on_success: 'work', on_failure: 'fail' },
  work: { ...agent, inputs: ['context'], on_success: 'test', on_failure: 'test' },
  test: { type: 'deterministic', action: 'run_tests', on_success: 'report', on_failure: 'report' },
  report: { type: 'deterministic', action: 'diff_report', on_success: 'commit', on_failure: 'fail' },
  commit: { type: 'deterministic', action: 'git_commit', on_success: 'done', on_failure: 'done' },
}).replace('coding_backend', 'everything');

async function told(calls: readonly Call[], task = 'Mend the discount', last?: string): Promise<Told> {
  const folder = plantedFolder({
    '.openexec/toolsets/everything.yaml': TOOLSET,
    '.openexec/blueprints/mine.yaml': MINE,
  });
  const server = await serverFor(calls, last);
  const policy = path.join(temporaryFolder(), 'open.yaml');
  fs.writeFileSync(policy, OPEN);
  const env = {
    OPENAI_API_KEY: API_KEY.value,
    ...Object.fromEntries(Object.entries(ENVIRONMENT).map(([name, { value }]) => [name, value])),
  };
  const args = ['run', '--workspace', folder, '--blueprint', 'mine', '--policy', policy, '--task', task, '--json'];
  const end = await cli([...args, '--approve', 'all', '--model', 'openai:test', '--base-url', server.baseUrl], { env });
  return { folder, end, server };
}

describe('what is searched for', () => {
  it('would be found in every form', () => {
    for (const one of ALL) {
      for (const form of formsOf(one)) {
        expect(leaksIn('here', `before ${form} after`, [one]), `${one.name} as ${form}`).not.toEqual([]);
        expect(form.length, `${one.name} as ${form}`).toBeGreaterThanOrEqual(6);
      }
      // Whatever stands before it and after it, in base64 it is found.
      for (const before of ['', 'x', 'xx', 'xxx']) {
        for (const after of ['', 'y', 'yy']) {
          const encoded = Buffer.from(`${before}${one.core}${after}`).toString('base64');
          expect(leaksIn('here', encoded, [one]), `${one.name}: ${encoded}`).not.toEqual([]);
        }
      }
    }
  });

  it('is no canary of another', () => {
    const cores = ALL.map(({ core }) => core);
    expect(new Set(cores).size).toBe(cores.length);
  });
});

describe('a model that wants every secret', () => {
  it('reads, lists and searches, and is shown none', CANARY_RUN, async () => {
    const run = await told(READING, `Mend the discount; the old token was ${ELSEWHERE.task.value}.`);
    expectUsed(run, 4, 25);
    expect(await leaksOf(run)).toEqual([]);
    // What is no secret was shown all the same, with a placeholder beside it.
    const sent = sentTo(run.server).map(([, text]) => text);
    for (const words of ['Settings of the shop', 'Mend the discount', '«github-token:', 'Virtanen']) {
      expect(
        sent.some((text) => text.includes(words)),
        words,
      ).toBe(true);
    }
  });

  it('has programs print files, the environment and the history, and is shown none', CANARY_RUN, async () => {
    const run = await told(PRINTING);
    expectUsed(run, 4, 15);
    expect(await leaksOf(run)).toEqual([]);
    expect(sentTo(run.server).some(([, text]) => text.includes('Take it out again'))).toBe(true);
  });

  it('has programs print them in other letters, and is shown none', CANARY_RUN, async () => {
    const run = await told(ENCODING);
    expectUsed(run, 8, 30);
    expect(await leaksOf(run)).toEqual([]);
  });

  it.each([
    ['known', [...Object.values(ENV), ...Object.values(NESTED_ENV), ...Object.values(ENVIRONMENT), API_KEY]],
    ['recognised', [...Object.values(CODE), ELSEWHERE.printed]],
  ])('writes and sends what it should not have, %s by its value, and none is kept', CANARY_RUN, async (_how, known) => {
    // Each call holds one of them; those that hold text hold all.
    const calls = known.slice(0, 5).flatMap((one) => writing([one, ...known]));
    const run = await told(calls, 'Do it', `I have seen ${known.map(({ value }) => value).join(' and ')}.`);
    expectUsed(run, 10, 10);
    expect(await leaksOf(run)).toEqual([]);
  });

  it(
    'asks a person with a secret in the question, and neither the question nor the pause tells of it',
    CANARY_RUN,
    async () => {
      const known = [ENV.SESSION_SECRET, API_KEY, CODE.github, ELSEWHERE.task];
      const asking: Call = [
        'ask_user',
        { question: `Is ${known.map(({ value }) => value).join(' or ')} the right one?` },
      ];
      const run = await told([['read_file', { path: 'README.md' }], asking]);
      expect(journalOf(defaultStore(run.folder)).map(({ type }) => type)).toContain('approval.requested');
      expect(await leaksOf(run)).toEqual([]);
    },
  );

  it('writes no placeholder over a secret: the file stays as it is', CANARY_RUN, async () => {
    const reading: Call = ['read_file', { path: 'src/settings.js' }];
    const run = await told([reading, ...WRITING_BACK]);
    const finished = journalOf(defaultStore(run.folder)).flatMap((event) =>
      event.type === 'tool.finished' && /^(write_file|replace_in_file|apply_patch)$/.test(event.data.tool)
        ? [event.data.outcome]
        : [],
    );
    expect(finished).toHaveLength(WRITING_BACK.length);
    expect(finished).not.toContain('ok');
    expect(journalOf(defaultStore(run.folder)).filter(({ type }) => type === 'file.changed')).toEqual([]);
    expect(await leaksOf(run)).toEqual([]);
  });
});
