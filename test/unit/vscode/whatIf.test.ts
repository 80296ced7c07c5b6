/** What another policy would have decided, as a person reads it, and the ways from it into the timeline. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChangedDecision } from '../../../src/core/compare/whatIf';
import type { CommandContext } from '../../../src/vscode/commands/context';
import type { WhatIfForPeople } from '../../../src/vscode/runs';
import { chain, origin } from '../../support/eventChain';

const person = vi.hoisted(() => ({ pick: undefined as string | undefined }));

vi.mock('vscode', async () => {
  const types = await import('../../support/editorTypes');
  type Item = { label: string };
  return {
    ...types,
    Uri: { from: (parts: { scheme: string; path: string; query: string }) => parts },
    ProgressLocation: { Notification: 15 },
    DocumentLink: class {
      readonly range: unknown;
      readonly target: unknown;
      constructor(range: unknown, target: unknown) {
        this.range = range;
        this.target = target;
      }
    },
    workspace: { getConfiguration: () => ({ get: () => 'standard' }) },
    window: {
      withProgress: (_options: unknown, work: (progress: unknown, token: unknown) => unknown) =>
        work({ report: () => undefined }, { onCancellationRequested: () => undefined }),
      showQuickPick: async (items: readonly Item[]) => items.find(({ label }) => label === person.pick),
    },
  };
});

const { whatIf } = await import('../../../src/vscode/commands/whatIf');
const { whatIfText } = await import('../../../src/vscode/whatIfText');
const { eventLinks } = await import('../../../src/vscode/eventLinks');

beforeEach(() => Object.assign(person, { pick: undefined }));

const REFUSED: ChangedDecision = {
  ...{ seq: 12, tool: 'write_file', was: 'allow', now: 'deny', rule: 'protected', node: 'implement' },
  ...{ input: '{"path":"a\u202Eb"}', layer: 'chosen policy strict (shipped with OpenExec)', reason: 'Look\nfirst.' },
};
const ASKED: ChangedDecision = { ...REFUSED, seq: 30, now: 'ask', node: null, layer: 'built in' };
const GIVEN: ChangedDecision = { ...REFUSED, seq: 7, was: 'deny', now: 'allow', layer: 'gatekeeper' };
const ANSWER: WhatIfForPeople = {
  ...{ calls: 9, changed: [GIVEN, REFUSED, ASKED], wouldStopAt: 12 },
  policy: { id: 'strict', source: 'shipped with OpenExec' },
};
const ABOUT = { task: 'Mend the discount', policy: 'standard' };

/** The places that a text leads to, as the arguments of the command that opens them. */
function ways(text: string, path = '/run-1/What if strict.md'): unknown[] {
  const document = { uri: { path }, getText: () => text };
  const links = eventLinks.provideDocumentLinks(document as never, {} as never) as { target: unknown }[];
  return links.map(({ target }) => {
    const { scheme, path: command, query } = target as { scheme: string; path: string; query: string };
    expect(`${scheme}:${command}`).toBe('command:openexec.openTimeline');
    return JSON.parse(query);
  });
}

describe('the document', () => {
  test('says where the run would have stopped, then every change, the strictest first, each by its rule', () => {
    const text = whatIfText(ANSWER, ABOUT);
    expect(text).toContain('9 recorded calls decided again under the policy strict (shipped with OpenExec)');
    expect(text).toContain('This call was made, and would be denied.');
    const order = ['stopped', 'would change: 3', 'Denied then: 1', 'Left to a person then: 1', 'Allowed then: 1'];
    expect(order.map((words) => text.indexOf(words))).toEqual(
      order.map((words) => text.indexOf(words)).sort((a, b) => a - b),
    );
    expect(text).toContain('- was allowed, would be denied\n- by the rule protected of the policy strict (shipped');
    expect(text).toContain('of OpenExec itself, which no policy can change');
    expect(text).toContain('of the plan of the run');
  });

  test('leads from each event into the timeline, at that event', () => {
    expect(ways(whatIfText(ANSWER, ABOUT))).toEqual([12, 12, 30, 7].map((seq) => ['run-1', seq]));
  });

  test('shows what others wrote on one line, with every character to be seen, and no line of it is a link', () => {
    const text = whatIfText({ ...ANSWER, changed: [{ ...REFUSED, reason: 'x\nEvent 99: come here' }] }, ABOUT);
    expect(text).not.toContain('\u202E');
    expect(text).toContain('U+202E');
    expect(ways(text)).not.toContainEqual(['run-1', 99]);
  });

  test('says so when nothing would change', () => {
    const text = whatIfText({ ...ANSWER, changed: [], wouldStopAt: null }, ABOUT);
    expect(text).toContain('Nowhere: every call that was made could have been made.');
    expect(text).toContain('None: every recorded call would be decided as it was.');
    expect(ways(text)).toEqual([]);
  });

  test('says of a very long list how much is left out', () => {
    const changed = Array.from({ length: 700 }, (_, seq) => ({ ...REFUSED, seq }));
    const text = whatIfText({ ...ANSWER, changed, wouldStopAt: 600 }, ABOUT);
    expect(text).toContain('200 more decisions left out.');
    expect(ways(text)).toHaveLength(501);
    expect(text).toContain('Event 600: implement, write_file');
  });
});

describe('a document of no run', () => {
  test('leads nowhere', () => expect(ways('Event 3: x', '/Setup.md')).toEqual([]));
});

describe('the command', () => {
  function contextOf() {
    const asked: unknown[][] = [];
    const shown: string[][] = [];
    const [first] = chain('run-1', [origin()]);
    const runs = {
      event: async () => first,
      summary: async () => ({ task: 'Mend the discount' }),
      policies: async () => [{ id: 'strict', description: 'Stricter.' }],
      whatIf: async (...question: unknown[]) => {
        asked.push(question.slice(0, 2));
        return ANSWER;
      },
    };
    const documents = { show: async (...document: string[]) => void shown.push(document) };
    return { context: { runs, documents } as unknown as CommandContext, asked, shown };
  }

  test('asks for a policy, and opens the answer as a document of the run', async () => {
    const { context, asked, shown } = contextOf();
    person.pick = 'strict';
    await whatIf(context, 'run-1');
    expect(asked).toEqual([['run-1', 'strict']]);
    expect(shown).toEqual([['run-1', 'What if strict.md', whatIfText(ANSWER, { ...ABOUT, policy: 'default' })]]);
  });

  test('does nothing when the person backs out', async () => {
    const { context, asked, shown } = contextOf();
    await whatIf(context, 'run-1');
    expect([...asked, ...shown]).toEqual([]);
  });
});
