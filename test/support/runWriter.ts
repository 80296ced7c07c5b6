/**
 * Writes the events of a made-up run one after another, with a clock of its own, each in its place in the chain.
 */
import { createHash } from 'node:crypto';
import { EMPTY_HEAD, headAfter, seal } from '../../src/core/events/chain';
import type { DataOf, EventBody, EventType, RunEvent } from '../../src/core/events/schema';

export const sha = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
export const RUN = '01JD0000000000000000000001';
export const START = Date.parse('2026-01-31T12:00:00.000Z');
export const SNAPSHOT = sha('policy');
export const MODEL = { provider: 'recorded', name: 'sample', destination: 'this machine (recorded)', local: true };

export class RunWriter {
  readonly events: RunEvent[] = [];
  #at = START;
  #calls = 0;
  #place: { node?: string; attempt?: number } = {};

  add<T extends EventType>(type: T, data: DataOf<T>, wait = 40, cause?: number): number {
    this.#at += wait;
    const last = this.events.at(-1);
    const body = { type, data, ...this.#place, ...(cause === undefined ? {} : { cause }) } as unknown as EventBody;
    const head = last === undefined ? EMPTY_HEAD : headAfter(last);
    this.events.push(seal(body, { run: RUN, at: new Date(this.#at).toISOString(), head, hash: sha }));
    return this.events.length - 1;
  }

  node(
    node: string,
    attempt: number,
    kind: 'agent' | 'deterministic',
    does: string,
    body: () => void,
    end: [DataOf<'node.finished'>['outcome'], string],
  ): void {
    this.#place = { node, attempt };
    this.add('node.started', { kind, does });
    body();
    const [outcome, next] = end;
    const why = outcome === 'failure' ? 'on_failure, 1 of 3' : 'on_success';
    this.add('node.finished', { outcome, reason: outcome === 'success' ? 'all steps done' : 'exit code 1', next, why });
    this.#place = {};
  }

  /** A whole tool call; answers its id. */
  tool(
    tool: string,
    input: object,
    result: Partial<DataOf<'tool.finished'>> = {},
    more: (call: string) => void = () => {},
  ): string {
    const call = this.ask(
      tool,
      input,
      'allow',
      'workspace-read-write',
      'paths in the workspace may be read and changed',
    );
    more(call);
    this.finish(call, tool, result);
    return call;
  }

  /** A request and the decision on it; answers the call's id. */
  ask(tool: string, input: object, decision: 'allow' | 'ask' | 'deny', rule: string, reason: string): string {
    this.#calls += 1;
    const call = `call-${this.#calls}`;
    const path = 'path' in input && typeof input.path === 'string' ? input.path : null;
    const paths = path === null ? [] : [{ asked: path, inside: path, problem: null }];
    const agent =
      tool !== 'build_context' && tool !== 'diff_report' && tool !== 'git_commit' && tool !== 'run_project_command';
    const origin = agent ? 'agent' : 'node';
    const cause = this.add('tool.requested', { call, tool, input: JSON.stringify(input), origin, facts: { paths } });
    const capability = tool === 'git_commit' ? 'git_commit' : 'repo_read';
    this.add(
      'policy.decided',
      { call, tool, capability, decision, rule, layer: 'shipped', reason, snapshot: SNAPSHOT },
      2,
      cause,
    );
    return call;
  }

  finish(call: string, tool: string, result: Partial<DataOf<'tool.finished'>> = {}): void {
    const plain = {
      outcome: 'ok',
      output: 'done',
      exitCode: null,
      tree: null,
      confinement: 'in process',
      ms: 12,
    } as const;
    this.add('tool.finished', { call, tool, ...plain, ...result }, result.ms ?? 12);
  }

  turn(
    turn: number,
    text: string,
    calls: { name: string; input: object }[],
    added: DataOf<'model.requested'>['conversation']['added'],
  ): void {
    const parts = [
      { source: `message ${turn}`, bytes: 2_400, sha256: sha(text), redactions: turn === 1 ? { email: 1 } : {} },
    ];
    const { provider, name: model, destination } = MODEL;
    this.add('egress.sent', {
      provider,
      model,
      destination,
      parts,
      carried: { parts: turn - 1, bytes: 9_000 * (turn - 1) },
      bytes: 2_400,
    });
    const conversation = { parent: sha(`${turn - 1}`), added, hash: sha(`${turn}`) };
    const asked = this.add('model.requested', {
      turn,
      retry: 0,
      delayMs: 0,
      provider,
      model,
      conversation,
      tools: ['read_file', 'replace_in_file'],
      signature: sha('s'),
    });
    const usage = { input: 3_100 + turn * 420, output: 210, cached: 2_048, estimated: false };
    const toolCalls = calls.map(({ name, input }, i) => ({
      id: `t${turn}-${i}`,
      name,
      arguments: JSON.stringify(input),
    }));
    this.add(
      'model.responded',
      {
        text,
        toolCalls,
        usage,
        costUsd: null,
        stop: calls.length === 0 ? 'end' : 'tools',
        ms: 2_350,
        firstTokenMs: 410,
      },
      2_350,
      asked,
    );
    this.add('budget.charged', {
      usage,
      costUsd: null,
      totals: { modelCalls: turn, tokens: turn * 4_000, costUsd: null },
    });
  }
}
