/**
 * The life of a run in memory: it is played in a scripted world, its process dies at given events, it is marked as broken
 * off and taken up again by the real engine, until its end.
 */
import { EMPTY_HEAD, headAfter, seal } from '../../src/core/events/chain';
import { inlineEvent } from '../../src/core/events/externalize';
import type { EventBody, RunEvent } from '../../src/core/events/schema';
import type { Blobs, EventLog } from '../../src/core/ports/eventLog';
import type { Intervention, Moment } from '../../src/core/ports/intervention';
import { inDoubt } from '../../src/core/run/resume';
import { NOTHING_YET, type Recalled, recall, resumeSession, runSession } from '../../src/core/run/session';
import { callInDoubt } from '../../src/node/runs/callInDoubt';
import type { Runtime } from '../../src/node/runs/runtime';
import { sha256 } from '../../src/node/system/sha256';
import { only } from './engine';
import { memoryBlobs } from './memoryBlobs';
import { beginning, type Story, type World, worldOf } from './world';

export const RUN = 'run-1';
const NEVER = new AbortController().signal;

/**
 * Where a process dies: so many events further on, before or after the last of them is on the disk; and what a person
 * then says about what is in doubt.
 */
export type Death = { readonly after: number; readonly stored: boolean; readonly decision: 'repeat' | 'fail' };

const LIVES: Death = { after: Number.POSITIVE_INFINITY, stored: true, decision: 'fail' };

class Died extends Error {}

/** How often one run is taken up again before it is left as it is. */
const RESUMES = 8;

export class Life {
  readonly journal: RunEvent[] = [];
  readonly blobs: Blobs = memoryBlobs();
  readonly world: World;
  readonly story: Story;
  private readonly pauses: number[];

  constructor(story: Story) {
    this.story = story;
    this.world = worldOf(story);
    this.pauses = [...(story.pauses ?? [])];
  }

  /** From the first event on, through every death, to the end; what was paused or died is resumed at once. */
  async live(deaths: readonly Death[]): Promise<void> {
    const left = [...deaths];
    let { decision } = LIVES;
    for (let round = 0; round <= RESUMES; round += 1) {
      const { state } = await this.past();
      if (state.phase === 'ended') return;
      const next = left.shift() ?? LIVES;
      try {
        await this.session(dying(this.journal, next), decision);
      } catch (error) {
        if (!(error instanceof Died)) throw error;
      }
      decision = next.decision;
    }
  }

  inline(): Promise<RunEvent[]> {
    return Promise.all(this.journal.map((event) => inlineEvent(event, this.blobs)));
  }

  private async past(): Promise<Recalled> {
    let past = NOTHING_YET;
    for (const event of await this.inline()) past = recall(past, event);
    return past;
  }

  private async session(log: EventLog, decision: Death['decision']): Promise<void> {
    const ports = this.world.ports(log, this.blobs, { intervene: (moment) => this.pausedAt(moment) });
    if (this.journal.length === 0) {
      await runSession(RUN, beginning(this.story), ports, NEVER);
      return;
    }
    if ((await this.past()).state.phase === 'active') await log.append(await this.brokenOff());
    const past = await this.past();
    if (past.state.phase !== 'halted') throw new Error(`a run that is ${past.state.phase} is not resumed`);
    const doubt = inDoubt(past.state);
    const settled = doubt && { kind: doubt.kind, id: doubt.id, decision };
    const data = { by: 'test', inDoubt: settled, tree: past.state.run.tree ?? 't0', openexec: 'test' };
    await resumeSession(RUN, past, { type: 'run.resumed', data }, ports, NEVER);
  }

  /** A person's pause, where the story tells of one. */
  private pausedAt(moment: Moment): Intervention {
    const at = this.pauses.findIndex((events) => events <= this.journal.length);
    if (moment !== 'before effect' || at < 0) return { kind: 'none' };
    this.pauses.splice(at, 1);
    return { kind: 'inject', body: { type: 'run.paused', data: { reason: 'paused by test' } } };
  }

  /** The mark that the recovery of runs makes. */
  private async brokenOff(): Promise<RunEvent> {
    const { journal } = this;
    async function* read(): AsyncGenerator<RunEvent> {
      yield* journal;
    }
    const doubt = await callInDoubt({ store: { read } } as unknown as Runtime, RUN);
    const reason = 'the process that ran it ended before the run did';
    const body: EventBody = { type: 'run.interrupted', data: { reason, inDoubt: doubt } };
    const last = journal.at(-1);
    const head = last === undefined ? EMPTY_HEAD : headAfter(last);
    return seal(body, { run: RUN, at: this.world.clock.now(), head, hash: sha256 });
  }
}

/** A log that takes events until its process dies, and nothing after that. */
function dying(journal: RunEvent[], { after, stored }: Death): EventLog {
  let taken = 0;
  let dead = false;
  return {
    append: async (event) => {
      if (dead) throw new Died();
      dead = taken >= after;
      if (!dead || stored) journal.push(event);
      taken += 1;
      if (dead) throw new Died();
    },
  };
}

/**
 * How often something may have been done by a run with this record: a call once, and once more each time that a person
 * had it repeated; requests to the model as often as the record announces one.
 */
export function timesAllowed(events: readonly RunEvent[], what: string): number {
  if (what === 'model') return only(events, 'model.requested').length;
  const repeats = only(events, 'run.resumed').filter(({ data: { inDoubt: doubt } }) => {
    return doubt?.id === what && doubt.decision === 'repeat';
  });
  return 1 + repeats.length;
}
