/** What package.json promises a newcomer, against what is there. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { manifest } from '../../support/manifest';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const { walkthroughs, viewsWelcome, commands } = manifest.contributes;
const known = new Set(commands.map(({ command }) => command));
/** The commands that a text leads to. */
const ledTo = (text: string): string[] => [...text.matchAll(/\]\(command:([\w.]+)/g)].map(([, id]) => id ?? '');
const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps);

describe('the walkthrough', () => {
  it('leads, at each step, to commands that are there', () => {
    for (const { id, description } of steps) {
      expect(ledTo(description), id).not.toEqual([]);
      expect(ledTo(description).filter((command) => !known.has(command))).toEqual([]);
    }
  });

  it('takes a step as done by commands that are there', () => {
    const done = steps.flatMap(({ completionEvents }) =>
      completionEvents.map((event) => event.replace('onCommand:', '')),
    );
    expect(done.filter((command) => !known.has(command))).toEqual([]);
  });

  it('shows files that are there and ship', () => {
    const media = steps.map(({ media: shown }) => ('image' in shown ? shown.image : shown.markdown) ?? '');
    expect(media.filter((file) => !file.startsWith('media/') || !existsSync(path.join(ROOT, file)))).toEqual([]);
  });
});

describe('the welcome of an empty view', () => {
  it('leads to commands that are there', () => {
    const ours = viewsWelcome.flatMap(({ contents }) => ledTo(contents)).filter((id) => id.startsWith('openexec.'));
    expect(ours).toContain('openexec.getStarted');
    expect(ours.filter((command) => !known.has(command))).toEqual([]);
  });
});
