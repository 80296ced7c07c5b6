/** Runs made of sealed events, for tests of what stores and reads them. */
import { EMPTY_HEAD, type Head, headAfter, seal } from '../../src/core/events/chain';
import type { DataOf, EventBody, RunEvent } from '../../src/core/events/schema';
import { sha256 } from '../../src/node/system/sha256';

const HASH = sha256('something');

export function origin(task: DataOf<'run.started'>['task'] = 'Mend the discount'): EventBody<'run.started'> {
  return {
    type: 'run.started',
    data: {
      task,
      blueprint: { id: 'quick_fix', hash: sha256('{}'), definition: '{}' },
      policy: { id: 'default', snapshot: sha256('{}'), content: '{}' },
      toolset: 'coding',
      model: { provider: 'recorded', name: 'sample', destination: 'this machine (recorded)', local: true },
      gatekeeper: { id: 'rules', sha256: null },
      workspace: {
        root: '/repo',
        head: 'main',
        baseCommit: 'c0',
        baseTree: 't0',
        dirty: false,
        dependencies: [],
        notCovered: [],
      },
      versions: { openexec: '0.1.0', node: '20', platform: 'test', git: '2' },
      flags: { engine: 1, prompt: 1 },
      bound: { nodeExecutions: 1, modelCalls: 1, tokens: 1, minutes: 1 },
      budget: { modelCalls: 1, tokens: 1, minutes: 1 },
      approvals: 'ask',
      seed: 'seed',
      parent: null,
    },
  };
}

export const nodeStarted = (node: string, attempt = 1): EventBody => ({
  type: 'node.started',
  node,
  attempt,
  data: { kind: 'agent', does: 'write the change' },
});

export const decided = (call: string, decision: 'allow' | 'ask' | 'deny'): EventBody => ({
  type: 'policy.decided',
  node: 'implement',
  data: {
    call,
    tool: 'write_file',
    capability: 'repo_write',
    decision,
    rule: 'no-secrets',
    layer: 'user',
    reason: 'secrets stay',
    snapshot: HASH,
  },
});

export const toolRequested = (call: string, input: DataOf<'tool.requested'>['input'] = '{}'): EventBody => ({
  type: 'tool.requested',
  node: 'implement',
  data: { call, tool: 'write_file', input, origin: 'agent', facts: { paths: [] } },
});

export const toolFinished = (call: string, output: DataOf<'tool.finished'>['output'] = 'done'): EventBody => ({
  type: 'tool.finished',
  node: 'implement',
  data: {
    call,
    tool: 'write_file',
    outcome: 'ok',
    output,
    exitCode: null,
    tree: null,
    confinement: 'in process',
    ms: 1,
  },
});

const version = (text: string | null) =>
  text === null ? null : { sha256: sha256(text), bytes: Buffer.byteLength(text), kept: true };

/** A file that went from one text to another; null is "no file". */
export const fileChanged = (path: string, before: string | null, after: string | null): EventBody => ({
  type: 'file.changed',
  data: { call: 'c1', path, before: version(before), after: version(after), how: 'write_file' },
});

export const charged = (modelCalls: number, tokens: number, costUsd: number | null): EventBody => ({
  type: 'budget.charged',
  data: {
    usage: { input: 1, output: 1, cached: 0, estimated: false },
    costUsd,
    totals: { modelCalls, tokens, costUsd },
  },
});

export const finished: EventBody = {
  type: 'run.finished',
  data: {
    status: 'succeeded',
    outcome: 'done',
    reason: 'all gates passed',
    tree: 't1',
    branch: 'openexec/x',
    commit: 'c1',
  },
};

/** Gives bodies, in stored form, their places in the chain of a run, after `head`; a second lies between two events. */
export function chain(run: string, bodies: readonly EventBody[], head: Head = EMPTY_HEAD): RunEvent[] {
  const events: RunEvent[] = [];
  let at = head;
  for (const body of bodies) {
    const event = seal(body, { run, at: timeOf(at.events), head: at, hash: sha256 });
    events.push(event);
    at = headAfter(event);
  }
  return events;
}

const timeOf = (seq: number): string => new Date(Date.UTC(2026, 0, 31, 12) + seq * 1000).toISOString();

/** A run of `count` events that goes on and on. */
export function longRun(run: string, count: number): RunEvent[] {
  const more = Array.from({ length: count - 1 }, (_, i) => toolRequested(`c${i}`, JSON.stringify({ n: i })));
  return chain(run, [origin(), ...more]);
}

/** Everything that an asynchronous iteration gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
