/** docs/ci.md is gone by: its steps, one after another, on the sample and its recording. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { SAMPLE_TASK, sampleFolder, temporaryFolder } from '../../support/cli';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const text = fs.readFileSync(path.join(ROOT, 'docs/ci.md'), 'utf8');
const block = /```yaml\n(.*?)```/s.exec(text)?.[1] ?? '';
const workflowSchema = z.object({
  jobs: z.object({ run: z.object({ steps: z.array(z.object({ run: z.string().optional() })) }) }),
});
const steps = workflowSchema
  .parse(parse(block))
  .jobs.run.steps.flatMap(({ run }) => (run?.includes('"$CLI"') === true ? [run] : []));

describe('the workflow of docs/ci.md', () => {
  it('asks for no context where GitHub has none: the runner is not known to the environment of a job', () => {
    expect(/^ {4}env:\n(?: {6}.*\n)+/m.exec(block)?.[0]).not.toMatch(/runner\.|steps\.|env\./);
  });

  it('runs, keeps the evidence, and finds it fine', () => {
    expect(steps.map((step) => /"\$CLI" (\S+)/.exec(step)?.[1])).toEqual([
      'doctor',
      'run',
      'export',
      'verify',
      'replay',
    ]);
    const cwd = sampleFolder();
    const { PATH = '', HOME = '' } = process.env;
    const env = {
      PATH,
      HOME,
      CLI: path.join(ROOT, 'dist/cli.js'),
      STORE: path.join(temporaryFolder(), 'store'),
      RESULT: path.join(temporaryFolder(), 'run.json'),
      TASK: SAMPLE_TASK,
    };
    for (const step of steps) {
      // What a team chooses for itself; everything else is run as it stands in the text.
      const line = step
        .replace(/--blueprint \S+/, '--blueprint quick_fix')
        .replace(/--task "[^"]*"/, '--task "$TASK"')
        .replace(/--model \S+/, '--model recorded:sample')
        .replace('--approve never', '--approve all');
      execFileSync('bash', ['-euc', line], { cwd, env, stdio: 'pipe' });
    }
    expect(fs.existsSync(path.join(cwd, 'evidence.zip'))).toBe(true);
  });
});
