/**
 * Runs against the worst that models, commands and people can do: the real engine in a world that takes all the time and
 * all the tokens it is given. What a run has taken is measured here, at the ports, not read from what the engine counts.
 */
import type { Blueprint } from '../../src/core/blueprint/schema';
import type { Price } from '../../src/core/events/parts';
import type { EventBody, RunEvent } from '../../src/core/events/schema';
import { costOf } from '../../src/core/models/price';
import {
  type Model,
  type ModelFailure,
  type ModelReply,
  type ModelRequest,
  NOTHING_KNOWN,
} from '../../src/core/ports/model';
import type { CallRequest, Toolbox } from '../../src/core/ports/toolbox';
import { type Recalled, runSession, type SessionPorts } from '../../src/core/run/session';
import { reply, reportsOf, sha256, testsOf } from './engine';
import { gatekeeping, RULES_ALONE } from './gatekeeper';
import { beginning } from './world';

/** What one run took, by the names of `Bound`. */
export type Spent = {
  nodeExecutions: number;
  agentTurns: number;
  modelCalls: number;
  tokens: number;
  tokensIn: number;
  tokensOut: number;
  minutes: number;
  costUsd: number;
};

export type Outcome = 'pass' | 'fail' | 'stop';

/** What the world does to a run. Shares are of the most that is allowed: 1 is all of it. */
export type Adversary = {
  /** How a call of a node ends; `stop` is a cancelled one. */
  readonly call: (event: RunEvent<'node.started'>) => Outcome;
  /** What a request comes to: a reply with calls, the last reply, one that fails the node, a failure that may pass. */
  readonly request: (about: {
    readonly node: string;
    readonly turn: number;
    readonly retry: number;
  }) => 'calls' | 'end' | 'length' | 'retryable' | 'fatal';
  readonly time: () => number;
  /** The share of tokens that are tokens out, of as many as a reply may have. */
  readonly out: () => number;
  /** How many calls a reply makes. */
  readonly calls: () => number;
};

export const PRICE: Price = { input: 3, output: 15 };

type Budget = EventBody<'run.started'>['data']['budget'];

export type Fought = { readonly spent: Spent; readonly events: readonly RunEvent[]; readonly end: Recalled };

/** One run to its end. The budget is the caller's, for what is measured is what the limits of the nodes keep to. */
export async function fight(blueprint: Blueprint, adversary: Adversary, budget: Budget): Promise<Fought> {
  const arena = new Arena(blueprint, adversary);
  const story = { blueprint, task: 'Mend the fault', replies: [], results: [], verdicts: [], budget };
  const first = beginning(story);
  const data = { ...first.data, budget, price: PRICE };
  const end = await runSession('run-1', { ...first, data }, arena.ports(), new AbortController().signal);
  return { spent: arena.spent(), events: arena.events, end };
}

const PLENTY = Number.MAX_SAFE_INTEGER;
/** A budget that stops nothing. */
export const UNLIMITED: Budget = { modelCalls: PLENTY, tokens: PLENTY, minutes: PLENTY };

class Arena {
  readonly events: RunEvent[] = [];
  private readonly blueprint: Blueprint;
  private readonly adversary: Adversary;
  private readonly blobs = new Map<string, Uint8Array>();
  private readonly sums = { modelCalls: 0, tokensIn: 0, tokensOut: 0 };
  private now = Date.UTC(2026, 0, 1);
  private waited = 0;
  private files = 0;

  constructor(blueprint: Blueprint, adversary: Adversary) {
    this.blueprint = blueprint;
    this.adversary = adversary;
  }

  spent(): Spent {
    const { modelCalls, tokensIn, tokensOut } = this.sums;
    const turns = this.events.filter((event) => event.type === 'model.requested' && event.data.retry === 0);
    return {
      nodeExecutions: this.events.filter(({ type }) => type === 'node.started').length,
      agentTurns: turns.length,
      modelCalls,
      tokens: tokensIn + tokensOut,
      tokensIn,
      tokensOut,
      minutes: (this.now - Date.UTC(2026, 0, 1) - this.waited) / 60_000,
      costUsd: costOf({ input: tokensIn, output: tokensOut }, PRICE),
    };
  }

  ports(): SessionPorts {
    return {
      hash: sha256,
      log: {
        append: async (event) => {
          this.events.push(event);
        },
      },
      blobs: {
        put: async (bytes, media) => {
          this.blobs.set(sha256(bytes), bytes);
          return { blob: sha256(bytes), bytes: bytes.length, media };
        },
        get: async (address) => this.blobs.get(address) ?? new Uint8Array(),
      },
      clock: {
        now: () => new Date(this.now).toISOString(),
        wait: async (ms) => {
          this.now += ms;
        },
      },
      model: this.model(),
      classifier: RULES_ALONE,
      ...gatekeeping(),
      toolbox: this.toolbox(),
      approver: {
        ask: async () => {
          // However long a person thinks about it.
          this.now += 86_400_000;
          this.waited += 86_400_000;
          const verdict = this.adversary.call(this.place()) === 'pass' ? 'approved' : 'rejected';
          return { kind: 'resolved', verdict, by: 'adversary', reason: '' };
        },
      },
      onDelta: () => undefined,
      intervene: () => ({ kind: 'none' }),
    };
  }

  /** The start of the node that the run is in. */
  private place(): RunEvent<'node.started'> {
    const started = this.events.findLast((event) => event.type === 'node.started');
    if (started?.type !== 'node.started') throw new Error('no node has been started');
    return started;
  }

  private take(limitMs = 0): void {
    this.now += Math.floor(this.adversary.time() * limitMs);
  }

  private model(): Model {
    return {
      id: { provider: 'scripted', name: 'told', destination: 'memory', local: false },
      facts: NOTHING_KNOWN,
      invoke: async (request, { limitMs }) => {
        this.sums.modelCalls += 1;
        this.take(limitMs);
        return this.answer(request);
      },
    };
  }

  private answer({ maxOutputTokens }: ModelRequest): ModelReply | ModelFailure {
    const node = this.place().node ?? '';
    const requested = this.events.findLast((event) => event.type === 'model.requested');
    if (requested?.type !== 'model.requested') throw new Error('nothing was requested');
    const { turn, retry } = requested.data;
    const what = this.adversary.request({ node, turn, retry });
    if (what === 'retryable' || what === 'fatal') {
      return { kind: 'failure', code: 'server', message: 'No.', retryable: what === 'retryable', ms: 1 };
    }
    const agent = this.blueprint.nodes[node];
    const most = agent?.type === 'agent' ? agent.max_call_tokens : 0;
    const output = Math.floor(this.adversary.out() * maxOutputTokens);
    const input = most - output;
    this.sums.tokensIn += input;
    this.sums.tokensOut += output;
    const usage = { input, output, cached: 0, estimated: false };
    const said = what === 'calls' ? this.callsReply() : reply('Done.');
    return { ...said, ...(what === 'length' ? { stop: what } : {}), usage, costUsd: costOf(usage, PRICE) };
  }

  /** Each call is another one, for who repeats himself is stopped earlier. */
  private callsReply(): ModelReply {
    const calls = Array.from({ length: this.adversary.calls() }, (): [string, unknown] => {
      this.files += 1;
      return ['read_file', { path: `file-${this.files}` }];
    });
    return reply('', ...calls);
  }

  private toolbox(): Toolbox {
    return {
      facts: async () => ({ paths: [] }),
      execute: async (request) => {
        if (request.origin === 'agent') return this.result(request, 'pass');
        this.take(request.limitMs);
        return this.result(request, this.adversary.call(this.place()));
      },
    };
  }

  private result(request: CallRequest, outcome: Outcome) {
    const isCommand = request.tool === 'run_project_command';
    const failed = outcome === 'fail';
    const events = isCommand && outcome !== 'stop' ? reportsOf(request, testsOf(3, failed ? 1 : 0)) : [];
    return {
      events,
      outcome:
        outcome === 'stop' ? ('cancelled' as const) : failed && !isCommand ? ('error' as const) : ('ok' as const),
      output: `${outcome} ${this.files}`,
      exitCode: isCommand ? Number(failed) : null,
      tree: null,
      confinement: 'in process',
      ms: 1,
    };
  }
}

/**
 * Calls `run` once for each way through its choices: `choose(n)` gives each number below n in turn, depth first. Throws
 * when there are more ways than `limit`.
 */
export async function everyWay(limit: number, run: (choose: (n: number) => number) => Promise<void>): Promise<number> {
  const path: { at: number; of: number }[] = [];
  for (let ways = 1; ; ways++) {
    if (ways > limit) throw new Error(`more than ${limit} ways`);
    let depth = 0;
    await run((of) => {
      const choice = path[depth] ?? { at: 0, of };
      path[depth] = choice;
      depth += 1;
      return choice.at;
    });
    path.length = depth;
    while ((path.at(-1)?.at ?? 0) + 1 === path.at(-1)?.of) path.pop();
    const last = path.at(-1);
    if (last === undefined) return ways;
    last.at += 1;
  }
}
