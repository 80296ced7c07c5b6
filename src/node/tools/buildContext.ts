/**
 * build_context: chooses what of the repository the model is shown at the start. Deterministic, bounded, and each file
 * with its reason. A file that a rule withholds is never opened; it is listed with that rule.
 */
import { redactLines } from '../../core/gatekeeper/redact';
import type { ToolAnswer, ToolContext } from './context';
import { grep, listFiles } from './grep';
import { readOpened } from './opened';
import { type Candidate, isTestOf, rank, type Terms, termsOf } from './relevance';
import { decode, excerpt } from './text';

const BUDGET = 40 * 1024;
const PER_FILE = { lines: 300, bytes: 12 * 1024 };
const README_LIMIT = { lines: 60, bytes: 4 * 1024 };
const READABLE = 1024 * 1024;
const NAMES_SHOWN = 200;
const WITHHELD_SHOWN = 200;
const MANIFESTS = ['package.json', 'pyproject.toml', 'go.mod', 'Cargo.toml', 'pom.xml', 'Makefile'];
const LOCK = /(^|\/)(package-lock\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|go\.sum|poetry\.lock|uv\.lock)$/;

type Chosen = { path: string; lines: [number, number]; bytes: number; sha256: string; why: string };

export async function buildContext(context: ToolContext): Promise<ToolAnswer> {
  const all = await listFiles(context);
  const withheld = all.flatMap((path) => {
    const rule = context.excluded(path);
    return rule === null ? [] : [{ path, rule }];
  });
  const hidden = withheld.map(({ path }) => path);
  const hiddenSet = new Set(hidden);
  const files = all.filter((path) => !hiddenSet.has(path));
  const terms = termsOf(context.run.task);
  const hits = await contentHits(context, terms, hidden);
  const candidates = withTests(
    files,
    rank(
      files.filter((path) => !LOCK.test(path)),
      terms,
      hits,
    ),
  );
  const { sections, chosen } = await take(context, [...always(files), ...candidates]);
  const content = [tree(files), ...sections, withheldNote(withheld.length)].filter((part) => part !== '').join('\n\n');
  const bytes = chosen.reduce((sum, file) => sum + file.bytes, 0);
  const summary = `${chosen.length} files, ${bytes} bytes, ${withheld.length} withheld`;
  const { call } = context;
  return {
    outcome: 'ok',
    output: summary,
    events: [
      { type: 'context.built', data: { call, files: chosen, withheld: withheld.slice(0, WITHHELD_SHOWN), bytes } },
      {
        type: 'artifact.created',
        data: { call, name: 'context', kind: 'context', media: 'text/markdown', content, summary },
      },
    ],
  };
}

async function contentHits(context: ToolContext, terms: Terms, withheld: readonly string[]) {
  const hits = new Map<string, string[]>();
  for (const { text } of terms.contents) {
    const found = await grep(context, { text, flags: ['-l', '-i'], path: '.', withheld });
    hits.set(text, found === null ? [] : found.stdout.split('\0').filter((path) => path !== ''));
  }
  return hits;
}

/** The manifest and the README tell what the project is; they come first, whatever the task. */
function always(files: readonly string[]): Candidate[] {
  const manifests = files.filter((path) => MANIFESTS.includes(path));
  const readme = files.filter((path) => /^readme(\.\w+)?$/i.test(path)).slice(0, 1);
  return [
    ...manifests.map((path) => ({ path, score: 0, why: 'the manifest of the project' })),
    ...readme.map((path) => ({ path, score: 0, why: 'the README of the project' })),
  ];
}

/** Puts the tests of a chosen file right behind it, so that the budget does not part them. */
function withTests(files: readonly string[], candidates: readonly Candidate[]): Candidate[] {
  return candidates.flatMap((candidate) => [
    candidate,
    ...files
      .filter((path) => isTestOf(path, candidate.path))
      .map((path) => ({ path, score: candidate.score, why: `the tests of ${candidate.path}` })),
  ]);
}

async function take(context: ToolContext, candidates: readonly Candidate[]) {
  const chosen: Chosen[] = [];
  const sections: string[] = [];
  const seen = new Set<string>();
  let left = BUDGET;
  for (const { path, why } of candidates) {
    if (seen.has(path) || left <= 0) continue;
    seen.add(path);
    context.signal.throwIfAborted();
    const opened = await readOpened(context.root, path, READABLE);
    const text = opened.ok ? decode(opened.value.bytes) : opened;
    if (!text.ok) continue;
    const limit = /^readme(\.\w+)?$/i.test(path) ? README_LIMIT : PER_FILE;
    const part = excerpt(redactLines(text.value), { from: 1, to: Number.MAX_SAFE_INTEGER }, limit);
    const bytes = Buffer.byteLength(part.text);
    // A smaller file further down may still fit.
    if (part.to === 0 || bytes > left) continue;
    left -= bytes;
    chosen.push({ path, lines: [part.from, part.to], bytes, sha256: context.hash(part.text), why });
    sections.push(section(path, part, why));
  }
  return { chosen, sections };
}

function section(path: string, part: { from: number; to: number; total: number; text: string }, why: string): string {
  const longest = Math.max(2, ...(part.text.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const body = part.text.endsWith('\n') ? part.text : `${part.text}\n`;
  return `### ${path} (lines ${part.from}-${part.to} of ${part.total})\n\nChosen because: ${why}\n\n${fence}\n${body}${fence}`;
}

function tree(files: readonly string[]): string {
  const cut = files.length > NAMES_SHOWN ? [`[cut: ${files.length - NAMES_SHOWN} more files]`] : [];
  return ['### Files of the repository', '', ...files.slice(0, NAMES_SHOWN), ...cut].join('\n');
}

function withheldNote(count: number): string {
  return count === 0 ? '' : `${count} ${count === 1 ? 'file is' : 'files are'} withheld by the policy of this run.`;
}
