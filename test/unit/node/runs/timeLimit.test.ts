import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Toolbox, ToolResult } from '../../../../src/core/ports/toolbox';
import { withTimeLimit } from '../../../../src/node/runs/timeLimit';
import { bench, temporaryFolder, testEnvironment } from '../tools/harness';

const RESULT: ToolResult = {
  events: [],
  outcome: 'ok',
  output: 'done',
  exitCode: null,
  tree: null,
  confinement: 'in process',
  ms: 1,
};
const request = { call: 'n.1', tool: 'build_context', input: '{}', origin: 'node' } as const;

/** A toolbox whose calls end only when they are told to. */
const endless: Toolbox = {
  facts: async () => ({ paths: [] }),
  execute: (_request, _facts, signal) =>
    new Promise((resolve) => {
      const end = () => resolve({ ...RESULT, outcome: 'cancelled', output: 'the run was cancelled' });
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    }),
};

describe('a call whose time is up', () => {
  it('is ended, whatever it does, and is known for what it is', async () => {
    const result = await withTimeLimit(endless).execute(
      { ...request, limitMs: 20 },
      { paths: [] },
      new AbortController().signal,
    );
    expect(result).toMatchObject({
      outcome: 'timeout',
      output: 'ended after 0.02 s, what was left of the time of the step',
    });
  });

  it('is not taken for one that the person cancelled', async () => {
    const result = await withTimeLimit(endless).execute(
      { ...request, limitMs: 60_000 },
      { paths: [] },
      AbortSignal.abort(),
    );
    expect(result).toMatchObject({ outcome: 'cancelled', output: 'the run was cancelled' });
  });

  it('keeps what came in time as it is', async () => {
    const quick: Toolbox = { ...endless, execute: async () => RESULT };
    const never = new AbortController().signal;
    expect(await withTimeLimit(quick).execute({ ...request, limitMs: 20 }, { paths: [] }, never)).toEqual(RESULT);
    expect(await withTimeLimit(quick).execute(request, { paths: [] }, never)).toEqual(RESULT);
  });
});

describe('a call on a real work tree whose time is up', () => {
  const never = new AbortController().signal;

  it.each(['build_context', 'diff_report', 'search'])('is ended: %s', async (tool) => {
    const { toolbox, request: requestOf } = await bench({ 'a.js': 'const a = 1;\n' });
    const call = { ...requestOf(tool, tool === 'search' ? { query: 'a' } : {}), limitMs: 0 };
    const result = await withTimeLimit(toolbox).execute(call, await toolbox.facts(call), never);
    expect(result).toMatchObject({ outcome: 'timeout', events: [] });
  });

  it('is ended with every process that it began', { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    const pids = path.join(folder, 'pids');
    // In a sandbox they would have numbers of their own: without one here.
    fs.writeFileSync(path.join(folder, 'bwrap'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const environment = { ...testEnvironment(), PATH: `${folder}${path.delimiter}${process.env.PATH ?? ''}` };
    const child = `require('fs').appendFileSync(${JSON.stringify(pids)}, process.pid + '\\n'); setInterval(() => 1, 1000);`;
    const program = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]);\n${child}`;
    const commands = { test: { argv: [process.execPath, 'slow.cjs'], source: 'test' } };
    const { toolbox, request: requestOf } = await bench({ 'slow.cjs': program }, { commands, environment });
    const call = { ...requestOf('run_project_command', { name: 'test' }), limitMs: 3000 };
    const result = await withTimeLimit(toolbox).execute(call, await toolbox.facts(call), never);
    expect(result).toMatchObject({ outcome: 'timeout', output: expect.stringContaining('ended after 3 s') });
    const begun = fs.readFileSync(pids, 'utf8').trim().split('\n').map(Number);
    expect(begun).toHaveLength(2);
    await vi.waitFor(() => expect(begun.filter(isThere)).toEqual([]), 20_000);
  });
});

/** A process that has ended and was not collected yet counts as ended. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !(fs.existsSync(`/proc/${pid}/stat`) && / Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8')));
  } catch {
    return false;
  }
}
