/** What the policy denies in this window, as it happens: the call, the rule, and what the call asked for. */
import * as vscode from 'vscode';
import type { PathFact } from '../../core/events/parts';
import type { RunEvent } from '../../core/events/schema';
import { oneLine } from '../../protocol/format';
import { exactLine } from '../exactText';
import type { Runs } from '../runs';

export type Denial = {
  readonly runId: string;
  /** Of the decision. */
  readonly seq: number;
  readonly tool: string;
  /** Tool and subject in one line for a person. */
  readonly what: string;
  readonly rule: string;
  /** Where the rule comes from; `gatekeeper` for the plan of the run. */
  readonly layer: string;
  readonly reason: string;
  readonly paths: readonly PathFact[];
  /** JSON text of the arguments; null when they are stored apart. */
  readonly input: string | null;
};

/** True when the call was refused for lying outside of the run's zones, which a person can widen. */
export const isOutside = ({ layer, rule }: Pick<Denial, 'layer' | 'rule'>): boolean =>
  layer === 'gatekeeper' && rule === 'zones';

type Requested = Pick<Denial, 'what' | 'paths' | 'input'>;

/** A subject in a notification, in characters. */
const SUBJECT = 120;

/** Reads denials out of the events of runs, each run's in order. */
export class DeniedCalls {
  /** The last call of each run: its decision is the next thing that is recorded about it. */
  readonly #requested = new Map<string, { readonly call: string; readonly request: Requested }>();

  /** The denial that an event records; null for every other event. */
  take(event: RunEvent): Denial | null {
    if (event.type === 'tool.requested') {
      this.#requested.set(event.run, { call: event.data.call, request: requestedBy(event) });
    }
    if (event.type !== 'policy.decided' || event.data.decision !== 'deny') return null;
    const { call, tool, rule, layer, reason } = event.data;
    const last = this.#requested.get(event.run);
    const request = last?.call === call ? last.request : { what: exactLine(tool), paths: [], input: null };
    return { runId: event.run, seq: event.seq, tool, rule, layer, reason: exactLine(reason), ...request };
  }
}

export class Denials implements vscode.Disposable {
  readonly #denied = new vscode.EventEmitter<Denial>();
  readonly onDidDeny = this.#denied.event;
  readonly #calls = new DeniedCalls();
  readonly #subscription: { dispose(): void };

  constructor(runs: Runs) {
    this.#subscription = runs.onDidAppend((event) => {
      const denial = this.#calls.take(event);
      if (denial !== null) this.#denied.fire(denial);
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#denied.dispose();
  }
}

function requestedBy({ data }: RunEvent<'tool.requested'>): Requested {
  const input = typeof data.input === 'string' ? data.input : null;
  const subject = data.facts.paths.map(({ asked }) => asked).join(', ') || (input ?? '');
  return { what: oneLine(exactLine(`${data.tool} ${subject}`), SUBJECT), paths: data.facts.paths, input };
}
