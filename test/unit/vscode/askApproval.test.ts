/** An approval as a notification: what the person's answers come to. */
import { beforeEach, describe, expect, test, vi } from 'vitest';

/** A window with a person: what is pressed and typed, in turn; undefined is a notification or an input that is put away. */
const person = vi.hoisted(() => ({
  presses: [] as (string | undefined)[],
  types: [] as (string | undefined)[],
  offered: [] as string[][],
  said: [] as string[],
  commands: [] as unknown[][],
  documents: [] as string[],
}));

vi.mock('vscode', () => {
  class EventEmitter {
    readonly #listeners: ((value: unknown) => void)[] = [];
    readonly event = (listener: (value: unknown) => void): void => void this.#listeners.push(listener);
    fire(value: unknown): void {
      for (const listener of this.#listeners) listener(value);
    }
    dispose(): void {}
  }
  return {
    EventEmitter,
    workspace: { openTextDocument: async () => ({ getText: () => person.documents.shift() ?? '', isClosed: false }) },
    window: {
      showInformationMessage: async (text: string, ...ways: string[]) => {
        person.said.push(text);
        if (ways.length === 0) return undefined;
        person.offered.push(ways);
        return person.presses.shift();
      },
      showInputBox: async () => person.types.shift(),
      showTextDocument: async () => undefined,
    },
    commands: { executeCommand: async (...command: unknown[]) => void person.commands.push(command) },
  };
});

const { Approvals } = await import('../../../src/vscode/approvals');
const { askApproval } = await import('../../../src/vscode/askApproval');

const REQUEST = { approval: 'a', title: 'run_command', detail: '{"command":"rm x"}', snapshot: 's', editable: true };
const LONG = JSON.stringify({ path: 'a', content: 'x'.repeat(500) });

/** Asks the person and answers what the run is told; null when it still waits. */
async function answer(request: Partial<typeof REQUEST> = {}): Promise<unknown> {
  const approvals = new Approvals();
  let told: unknown = null;
  const full = { ...REQUEST, ...request };
  const asked = approvals.of('run').ask(full, new AbortController().signal);
  void asked.then((verdict) => {
    told = verdict;
  });
  await askApproval({ ...full, runId: 'run' }, '', approvals);
  await Promise.resolve();
  return told;
}

beforeEach(() => {
  Object.assign(person, { presses: [], types: [], offered: [], said: [], commands: [], documents: [] });
});

describe('an approval in a notification', () => {
  test('is approved as it is', async () => {
    person.presses = ['Approve'];
    expect(await answer()).toEqual({ kind: 'resolved', verdict: 'approved', by: 'person in VS Code', reason: '' });
  });

  test('is rejected with a reason', async () => {
    person.presses = ['Reject'];
    person.types = [' too dangerous '];
    expect(await answer()).toMatchObject({ verdict: 'rejected', reason: 'too dangerous' });
  });

  test('is asked again when the person backs out of the reason, and waits on when the question is put away', async () => {
    person.presses = ['Reject', undefined];
    person.types = [undefined];
    expect(await answer()).toBeNull();
    expect(person.offered).toHaveLength(2);
  });

  test('is approved as edited in a line', async () => {
    person.presses = ['Edit…'];
    person.types = ['ls'];
    expect(await answer()).toMatchObject({ verdict: 'approved', edited: '{"command":"ls"}' });
  });

  test('is approved as edited in a document, once that is JSON; the document is closed', async () => {
    person.presses = ['Edit…', 'Approve as Edited', 'Approve as Edited'];
    person.documents = ['{"path": ', '{ "path": "b" }'];
    expect(await answer({ detail: LONG })).toMatchObject({ verdict: 'approved', edited: '{"path":"b"}' });
    expect(person.said.at(-1)).toMatch(/This is not JSON.* Mend it/);
    expect(person.commands).toEqual([['workbench.action.revertAndCloseActiveEditor']]);
  });

  test('is asked again when the edit is discarded', async () => {
    person.presses = ['Edit…', 'Discard Edit', 'Approve'];
    expect(await answer({ detail: LONG })).toEqual({
      ...{ kind: 'resolved', verdict: 'approved', by: 'person in VS Code', reason: '' },
    });
    expect(person.commands).toEqual([['workbench.action.revertAndCloseActiveEditor']]);
  });

  test('cannot be edited when it is not about the arguments of a call', async () => {
    person.presses = ['Approve'];
    await answer({ editable: false });
    expect(person.offered[0]).not.toContain('Edit…');
  });

  test('leads to the timeline, and waits', async () => {
    person.presses = ['Show in Timeline'];
    expect(await answer()).toBeNull();
    expect(person.commands).toEqual([['openexec.openTimeline', 'run']]);
  });

  test('that was answered meanwhile is said to be so', async () => {
    person.presses = ['Approve'];
    await askApproval({ ...REQUEST, runId: 'run' }, '', new Approvals());
    expect(person.said.at(-1)).toMatch(/answered before/);
  });
});
