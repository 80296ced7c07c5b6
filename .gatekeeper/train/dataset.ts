/**
 * The data set: `.gatekeeper/data/*.psv`, one prompt a line, `intent|surface|sensitivity|risk|text`. A line break of the text
 * is written `\n`; lines that begin with `#` are comments. A file that begins with `# only: intent` was labelled with care for the
 * intent alone: nothing else is learnt from it, and nothing is measured on it.
 */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { type Classification, classification } from '../../src/core/events/planParts';

/** A prompt with what the label guide says of it; `where` is its file and line. */
export type Prompt = Pick<Classification, 'intent' | 'surface' | 'sensitivity' | 'risk'> & {
  readonly text: string;
  readonly where: string;
  /** The one axis that is labelled with care; all of them where it is left out. */
  readonly only?: 'intent';
};

const ONLY_INTENT = /^# only: intent\r?\n/;

const LETTERS = { d: 'destructive', e: 'exfiltration', o: 'override' } as const;

const line = z.tuple([
  classification.shape.intent,
  classification.shape.surface,
  classification.shape.sensitivity,
  z.string().regex(/^d?e?o?$/),
  z.string().trim().min(2),
]);

/** The prompts of a text, in its order. Throws with file and line when one of them breaks the format. */
export function promptsOf(text: string, file: string): Prompt[] {
  const only = ONLY_INTENT.test(text) ? ({ only: 'intent' } as const) : {};
  return text.split('\n').flatMap((row, i) => {
    if (row.trim() === '' || row.startsWith('#')) return [];
    const where = `${file}:${i + 1}`;
    const [intent, surface, sensitivity, letters, ...rest] = row.split('|');
    const parsed = line.safeParse([intent, surface, sensitivity, letters, rest.join('|')]);
    if (!parsed.success) throw new Error(`${where}: ${z.prettifyError(parsed.error)}`);
    const risk = Object.entries(LETTERS).flatMap(([letter, name]) => (parsed.data[3].includes(letter) ? [name] : []));
    return [
      {
        intent: parsed.data[0],
        surface: parsed.data[1],
        sensitivity: parsed.data[2],
        risk,
        text: parsed.data[4].replaceAll('\\n', '\n'),
        where,
        ...only,
      },
    ];
  });
}

/** The whole data set, files in the order of their names. */
export function readDataset(folder: string): Prompt[] {
  const files = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.psv'))
    .sort();
  return files.flatMap((name) => promptsOf(fs.readFileSync(path.join(folder, name), 'utf8'), name));
}

const developmentLine = z.object({
  id: z.string(),
  text: z.string(),
  intent: classification.shape.intent,
  surface: classification.shape.surface,
  sensitivity: classification.shape.sensitivity,
  risk: classification.shape.risk,
});

/** The development set, which nothing is ever trained on. */
export function readDevelopmentSet(file: string): Prompt[] {
  const lines = fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .filter((row) => row.trim() !== '');
  return lines.map((row) => {
    const { id, ...prompt } = developmentLine.parse(JSON.parse(row));
    return { ...prompt, where: id };
  });
}
