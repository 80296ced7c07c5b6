/** The texts of package.json, which a translation replaces without a change of the code. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../../../package.json';
import texts from '../../../package.nls.json';
import { manifest, withTexts } from '../../support/manifest';

const ROOT = path.resolve(import.meta.dirname, '../../..');

describe('the texts of the manifest', () => {
  it('are all behind keys, each with a text, and no text is left over', () => {
    const { status, stderr } = spawnSync(process.execPath, ['.scripts/nls.mjs', '--check'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('are the English ones for a reader of English', () => {
    const start = manifest.contributes.commands.find(({ command }) => command === 'openexec.startRun');
    expect(start?.title).toBe('Start Blueprint Run');
  });

  it('are in another language wherever that has them', () => {
    const pseudo = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, `[${text}]`]));
    const { commands, configuration, walkthroughs, viewsWelcome } = withTexts(packageJson, pseudo).contributes;
    const shown = [
      ...commands.map(({ title }) => title),
      ...walkthroughs.flatMap(({ title, steps }) => [title, ...steps.map((step) => step.title)]),
      ...viewsWelcome.map(({ contents }) => contents),
      ...Object.values(configuration.properties).map((setting) => setting.markdownDescription),
    ];
    expect(shown.filter((text) => !/^\[.+\]$/s.test(text))).toEqual([]);
  });
});
