/** Runs with denied calls, for the tests of the chat. */
import type { EventBody, RunEvent } from '../../src/core/events/schema';
import type { ExplainedCall, ListedRun } from '../../src/vscode/runs';
import { chain, decided, origin, toolRequested } from './eventChain';
import { listedRun } from './listedRun';

type PlanData = Extract<EventBody, { type: 'plan.accepted' }>['data'];

export const planned = (given: Partial<PlanData['plan']> = {}): EventBody => ({
  type: 'plan.accepted',
  data: {
    plan: {
      ...{ mode: 'run', intent: 'bugfix', surface: 'backend', toolset: 't', blueprint: 'quick_fix', zones: ['**'] },
      ...{ excluded: [], sensitivity: 'low', risk: [], route: 'cloud', confidence: 0.9, reasons: [], ...given },
    },
    changes: [],
    by: 'person in VS Code',
  },
});

/** A call of `write_file` on a path that is denied. */
export function denied(call: string, path: string): EventBody[] {
  const requested = toolRequested(call, JSON.stringify({ path })) as EventBody<'tool.requested'>;
  const facts = { paths: [{ asked: path, inside: path, problem: null }] };
  return [{ ...requested, data: { ...requested.data, facts } }, decided(call, 'deny')];
}

/** Runs by what is recorded of them after their beginning; each ended, and was listed, in the order that is given. */
export function runsOf(recorded: Readonly<Record<string, readonly EventBody[]>>, about: Partial<ListedRun> = {}) {
  const events = new Map<string, RunEvent[]>();
  const explained: [string, number][] = [];
  const listed = Object.entries(recorded).map(([runId, bodies], at) => {
    const all = chain(runId, [origin(), ...bodies]);
    events.set(runId, all);
    const denials = bodies.filter((body) => body.type === 'policy.decided').length;
    const endedAt = new Date(Date.UTC(2026, 0, 31 - at, 23)).toISOString();
    return listedRun({ runId, task: `Task of ${runId}`, denials, endedAt, events: all.length, ...about });
  });
  const runs = {
    list: async () => listed,
    async *events(runId: string, from: number) {
      yield* (events.get(runId) ?? []).slice(from);
    },
    explain: async (runId: string, seq: number): Promise<ExplainedCall> => {
      explained.push([runId, seq]);
      return EXPLAINED;
    },
  };
  return { runs, explained };
}

export const EXPLAINED: ExplainedCall = {
  ...{ call: 'c', tool: 'write_file', input: '{"path":".env","content":"[link](command:evil)"}' },
  snapshot: 'abcdef0123456789',
  decision: {
    ...{ decision: 'deny', rule: 'no-secrets', reason: 'Secrets *stay* [here](command:evil).' },
    layer: 'user policy mine (/home/me/policy.yaml)',
  },
  steps: [
    {
      ...{ layer: 'user', source: '/home/me/policy.yaml', rule: 'no-secrets', effect: 'deny', target: '.env' },
      ...{ matched: true, why: 'it matches' },
    },
  ],
  omitted: 0,
};
