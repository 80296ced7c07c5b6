import { describe, expect, it } from 'vitest';
import { runStatusSchema } from '../../../src/protocol/messages';
import { commandsFor, statusOf } from '../../../webview-ui/src/commands';
import { finishedRun, viewOf, waitingRun, waitingView } from '../../support/timelineRun';

const ended = viewOf(finishedRun());
const live = waitingView(waitingRun());

describe('what can be done with a run', () => {
  it('is to cancel it while it goes', () => {
    expect(commandsFor(live)).toEqual(['cancel']);
    expect(commandsFor({ ...live, status: 'paused' })).toEqual(['cancel']);
  });

  it('is to take or leave its result, replay and verify it when it has ended', () => {
    expect(commandsFor(ended)).toEqual(['apply', 'discard', 'replay', 'verify']);
    expect(commandsFor({ ...ended, result: 'applied' })).toEqual(['replay', 'verify']);
    expect(commandsFor({ ...ended, status: 'interrupted' })).toEqual(['apply', 'discard', 'replay', 'verify']);
  });

  it('is to watch it when another window writes it', () => {
    expect(commandsFor({ ...live, readOnly: true })).toEqual([]);
    expect(commandsFor({ ...ended, readOnly: true })).toEqual(['replay', 'verify']);
  });

  it('says in a word of its own how each run stands', () => {
    const words = runStatusSchema.options.map((status) => statusOf({ ...ended, status }).word);
    expect(new Set(words).size).toBe(words.length);
    expect(statusOf(live).word).toBe('Waiting for approval');
  });
});
