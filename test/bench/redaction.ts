/**
 * How fast and how well texts are redacted, in one run with secretlint's recommended rules over the same texts. Secretlint
 * looks for tokens of services alone and tells where they are; personal data and assigned passwords are not its business.
 */
import fs from 'node:fs';
import path from 'node:path';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { INNOCENTS } from '../redact/innocent';
import { POSITIVES } from '../redact/positive';
import { findingsOf } from '../support/findings';
import { median, seconds } from './measure';

export type Redacting = {
  /** Medians in MB/s. */
  readonly ours: number;
  readonly secretlint: number;
  readonly megabytes: number;
  /** Of the corpus: texts whose every secret is covered, and innocent texts in which anything was found. */
  readonly masked: Score;
  readonly maskedBySecretlint: Score;
};

type Score = {
  readonly positives: number;
  readonly of: number;
  readonly innocentsChanged: number;
  readonly innocents: number;
};

const ROUNDS = 5;
const MEGABYTES = 4;
type Range = { readonly start: number; readonly end: number };

const secretlint = async (content: string): Promise<Range[]> => {
  const { messages } = await lintSource({
    source: { filePath: 'text.txt', content, ext: '.txt', contentType: 'text' },
    options: {
      config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] },
      noPhysicFilePath: true,
    },
  });
  return messages.map(({ range: [start, end] }) => ({ start, end }));
};

/** `root` is that of the checkout: its own files and the corpus are the texts. */
export async function measureRedaction(root: string): Promise<Redacting> {
  const texts = sample(root);
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const speeds: { ours: number; secretlint: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const ours = await seconds(async () => {
      for (const text of texts) findingsOf(text);
    });
    const theirs = await seconds(async () => {
      for (const text of texts) await secretlint(text);
    });
    // The first is for warming up.
    if (round > 0) speeds.push({ ours: bytes / 1e6 / ours, secretlint: bytes / 1e6 / theirs });
  }
  return {
    ours: median(speeds.map((speed) => speed.ours)),
    secretlint: median(speeds.map((speed) => speed.secretlint)),
    megabytes: bytes / 1e6,
    masked: await scoreOf(async (text) => findingsOf(text)),
    maskedBySecretlint: await scoreOf(secretlint),
  };
}

async function scoreOf(find: (text: string) => Promise<readonly Range[]>): Promise<Score> {
  let positives = 0;
  for (const { text, secrets } of POSITIVES) {
    const found = await find(text);
    const rest = [...found]
      .sort((a, b) => b.start - a.start)
      .reduce((left, { start, end }) => left.slice(0, start) + left.slice(end), text);
    if (secrets.every((secret) => !rest.includes(secret))) positives++;
  }
  let innocentsChanged = 0;
  for (const { text } of INNOCENTS) if ((await find(text)).length > 0) innocentsChanged++;
  return { positives, of: POSITIVES.length, innocentsChanged, innocents: INNOCENTS.length };
}

/** Source files, documents and lock files of this checkout, and the corpus. */
function sample(root: string): string[] {
  const texts = [...POSITIVES, ...INNOCENTS].map(({ text }) => text);
  let bytes = 0;
  for (const folder of ['src', 'test/unit', 'docs', 'package-lock.json', 'README.md']) {
    for (const file of filesIn(path.join(root, folder))) {
      if (bytes > MEGABYTES * 1e6) return texts;
      const text = fs.readFileSync(file, 'utf8');
      bytes += Buffer.byteLength(text);
      texts.push(text);
    }
  }
  return texts;
}

function filesIn(place: string): string[] {
  if (fs.statSync(place).isFile()) return [place];
  return fs
    .readdirSync(place, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesIn(path.join(place, entry.name)) : [path.join(place, entry.name)]))
    .filter((file) => /\.(?:tsx?|mjs|json|md|ya?ml|css)$/.test(file));
}
