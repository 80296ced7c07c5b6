/** What the command line prints with `--json` is what docs/cli.md says, and nothing beside it. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DOCUMENTS } from '../../../.scripts/docs/documents';
import type { VerbPath } from '../../../src/cli/grammar';
import { cli, jsonOf, sampleFolder, temporaryFolder } from '../../support/cli';
import { copyRecordedRun, RECORDED } from '../../support/goldenStore';

const [before = '', latest = ''] = fs.readdirSync(RECORDED).sort().slice(-2);
const CLI = path.resolve(import.meta.dirname, '../../../dist/cli.js');
const AWS_KEY = ['AKIA', 'Q3EGRIEWJ7CLH5ZT'].join('');
const ACTION = JSON.stringify({ tool: 'read_file', input: { path: 'README.md' } });

/** Runs a verb with `--json` and holds its document to the schema of the reference. */
async function expectDocument(verb: VerbPath, args: readonly string[], cwd: string): Promise<void> {
  const end = await cli([...verb.split(' '), ...args, '--json'], { cwd });
  const parsed = DOCUMENTS[verb].safeParse(jsonOf(end));
  expect(parsed.error?.issues ?? [], `${verb}: ${end.stderr}`).toEqual([]);
}

describe('the documents of the command line', () => {
  it('are as the reference says for every verb that reads a record', async () => {
    const cwd = temporaryFolder();
    const store = path.join(cwd, 'store');
    const run = copyRecordedRun(latest, store);
    const earlier = copyRecordedRun(before, store);
    const of = ['--store', store];
    await Promise.all([
      expectDocument('runs', of, cwd),
      expectDocument('show', [run, ...of], cwd),
      expectDocument('verify', [run, '--head', '0'.repeat(64), ...of], cwd),
      expectDocument('replay', [run, ...of], cwd),
      expectDocument('what-if', [run, '--policy', 'strict', ...of], cwd),
      expectDocument('compare', [run, earlier, ...of], cwd),
    ]);
  });

  it('are as the reference says for what leaves a store and comes into another', async () => {
    const cwd = temporaryFolder();
    const store = path.join(cwd, 'store');
    const run = copyRecordedRun(latest, store);
    await expectDocument('export', [run, '--out', 'run.zip', '--store', store], cwd);
    await Promise.all([
      expectDocument('verify', ['run.zip'], cwd),
      expectDocument('import', ['run.zip', '--store', path.join(cwd, 'other')], cwd),
    ]);
  });

  it('are as the reference says for verbs that need no run', async () => {
    const cwd = sampleFolder();
    await Promise.all([
      expectDocument('blueprint check', ['quick_fix'], cwd),
      expectDocument('policy lint', ['strict'], cwd),
      expectDocument('policy check', ['--policy', 'strict', '--action', ACTION], cwd),
      expectDocument('plan', ['--task', 'Fix the rounding of invoices'], cwd),
      expectDocument('mcp', [], cwd),
      expectDocument('doctor', [], cwd),
      expectDocument('completion', ['bash'], cwd),
    ]);
  });

  it('are as the reference says for what is taken out of standard input', () => {
    const { stdout } = spawnSync(process.execPath, [CLI, 'redact', '--json'], {
      input: `key ${AWS_KEY}\n`,
      encoding: 'utf8',
    });
    const document: unknown = JSON.parse(stdout);
    expect(DOCUMENTS.redact.safeParse(document).error).toBeUndefined();
    expect(document).toMatchObject({ findings: [{ kind: expect.any(String) }] });
  });
});
