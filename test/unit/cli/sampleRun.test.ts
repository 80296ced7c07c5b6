/** The run that ships with the extension, as somebody who doubts it would take it. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/core/events/schema';
import { cli, jsonOf, temporaryFolder } from '../../support/cli';

const FILE = path.resolve(import.meta.dirname, '../../../media/sample-run.zip');

describe('the sample run that ships', () => {
  it('is sound, can be taken in, and replays to the same events, hash for hash', async () => {
    const store = temporaryFolder();
    const taken = await cli(['import', FILE, '--store', store, '--json']);
    expect(taken.code, taken.stderr).toBe(0);
    const { runId } = jsonOf<{ runId: string }>(taken);
    const replayed = await cli(['replay', runId, '--store', store, '--json']);
    expect(replayed.code, replayed.stderr).toBe(0);
    expect(jsonOf<{ identical: boolean }>(replayed).identical).toBe(true);
  });

  it('shows what a newcomer should see: a denial, failed checks, a repair, an approval, a commit', async () => {
    const store = temporaryFolder();
    const { runId } = jsonOf<{ runId: string }>(await cli(['import', FILE, '--store', store, '--json']));
    const events = jsonOf<RunEvent[]>(await cli(['show', runId, '--store', store, '--json']));
    const some = (fits: (event: RunEvent) => boolean) => events.filter(fits).length;
    expect(some((event) => event.type === 'policy.decided' && event.data.decision === 'deny')).toBeGreaterThan(0);
    expect(some((event) => event.type === 'node.finished' && event.data.outcome === 'failure')).toBeGreaterThan(0);
    expect(some((event) => event.type === 'file.changed')).toBeGreaterThan(1);
    expect(some((event) => event.type === 'approval.resolved')).toBeGreaterThan(0);
    expect(some((event) => event.type === 'run.finished' && event.data.status === 'succeeded')).toBe(1);
  });
});
