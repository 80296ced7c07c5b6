import { describe, expect, it } from 'vitest';
import { runStatusSchema } from '../../../src/protocol/messages';
import { commandsFor, statusOf, statusThen } from '../../../webview-ui/src/commands';
import { finishedRun, viewOf, waitingRun, waitingView } from '../../support/timelineRun';
import { momentsOf } from '../../support/timelineScenes';

const ended = viewOf(finishedRun());
const live = waitingView(waitingRun());

describe('what can be done with a run', () => {
  it('is to cancel it while it goes, and to pause it where that can be done', () => {
    expect(commandsFor(live)).toEqual(['cancel']);
    expect(commandsFor({ ...live, canPause: true })).toEqual(['pause', 'cancel']);
  });

  it('is to take or leave its result, replay, verify and export it when it has ended', () => {
    expect(commandsFor(ended)).toEqual(['apply', 'discard', 'replay', 'verify', 'export']);
    expect(commandsFor({ ...ended, result: 'applied', canDiscard: false })).toEqual(['replay', 'verify', 'export']);
  });

  it.each(['paused', 'interrupted'] as const)('is to take it up again or give it up when it is %s', (status) => {
    const halted = { ...ended, status, result: 'none', canResume: true } as const;
    expect(commandsFor(halted)).toEqual(['resume', 'discard', 'replay', 'verify', 'export']);
  });

  it('is to watch it when another window writes it, and to look at its evidence when it is imported', () => {
    expect(commandsFor({ ...live, readOnly: true })).toEqual([]);
    const imported = { ...ended, readOnly: true, imported: true, canDiscard: false };
    expect(commandsFor(imported)).toEqual(['replay', 'verify', 'export']);
  });

  it('says in a word of its own how each run stands', () => {
    const words = runStatusSchema.options.map((status) => statusOf({ ...ended, status }).word);
    expect(new Set(words).size).toBe(words.length);
    expect(statusOf(live).word).toBe('Waiting for approval');
  });

  it('says the same of how it stood at an event, and nothing turns there', () => {
    const moments = momentsOf(waitingRun()).flatMap((message) => (message.type === 'moment' ? [message.moment] : []));
    expect(moments.map(statusThen).map(({ word }) => word)).toEqual([
      ...moments.slice(1).map(() => 'Running'),
      'Waiting for approval',
    ]);
    expect(moments.map(statusThen).map(({ icon }) => icon)).not.toContain('sync');
  });
});
