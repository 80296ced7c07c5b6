/**
 * build_context: chooses what of the repository the model is shown at the start. Deterministic, bounded, and each piece
 * with its reason. A file that a rule withholds, or that is outside of the zones, is never opened; it is listed with the
 * rule.
 */
import { listOpen } from '../retrieval/listing';
import { type Piece, pack, type Wanted } from '../retrieval/pack';
import { retrieve, type Texts } from '../retrieval/retrieve';
import type { ToolAnswer, ToolContext } from './context';
import { readOpened } from './opened';
import { decode } from './text';

const MANIFEST_HEAD = { lines: 300, bytes: 12 * 1024 };
const README_HEAD = { lines: 60, bytes: 4 * 1024 };
const READABLE = 1024 * 1024;
const NAMES_SHOWN = 200;
const WITHHELD_SHOWN = 200;
const MANIFESTS = ['package.json', 'pyproject.toml', 'go.mod', 'Cargo.toml', 'pom.xml', 'Makefile'];

export async function buildContext(context: ToolContext): Promise<ToolAnswer> {
  const { files, withheld } = await listOpen(context);
  const paths = files.map(({ path }) => path);
  const texts = reader(context);
  const found = await retrieve(context, files, texts);
  const pieces = await pack(context, [...always(paths), ...found.files], texts, found.outlines);
  const content = [tree(paths), ...pieces.map(section), withheldNote(withheld.length)]
    .filter((part) => part !== '')
    .join('\n\n');
  const chosen = pieces.map(({ path, from, to, text, why }) => ({
    path,
    lines: [from, to] as [number, number],
    bytes: Buffer.byteLength(text),
    sha256: context.hash(text),
    why,
  }));
  const bytes = chosen.reduce((sum, file) => sum + file.bytes, 0);
  const count = new Set(chosen.map(({ path }) => path)).size;
  const summary = `${count} files, ${bytes} bytes, ${withheld.length} withheld`;
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

/** Reads each file once, as it lies in the work tree now. */
function reader(context: ToolContext): Texts {
  const texts = new Map<string, Promise<string | null>>();
  const read = async (path: string): Promise<string | null> => {
    const opened = await readOpened(context.root, path, READABLE);
    const text = opened.ok ? decode(opened.value.bytes) : opened;
    return text.ok ? text.value : null;
  };
  return (path) => {
    const text = texts.get(path) ?? read(path);
    texts.set(path, text);
    return text;
  };
}

/** The manifest and the README tell what the project is; they come first, whatever the task. */
function always(paths: readonly string[]): Wanted[] {
  const plain = { isNamed: false, words: new Map<string, number>() };
  const manifests = paths.filter((path) => MANIFESTS.includes(path));
  const readme = paths.filter((path) => /^readme(\.\w+)?$/i.test(path)).slice(0, 1);
  return [
    ...manifests.map((path) => ({ path, why: 'the manifest of the project', head: MANIFEST_HEAD, ...plain })),
    ...readme.map((path) => ({ path, why: 'the README of the project', head: README_HEAD, ...plain })),
  ];
}

function section({ path, from, to, total, text, why }: Piece): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const body = text.endsWith('\n') ? text : `${text}\n`;
  return `### ${path} (lines ${from}-${to} of ${total})\n\nChosen because: ${why}\n\n${fence}\n${body}${fence}`;
}

function tree(paths: readonly string[]): string {
  const cut = paths.length > NAMES_SHOWN ? [`[cut: ${paths.length - NAMES_SHOWN} more files]`] : [];
  return ['### Files of the repository', '', ...paths.slice(0, NAMES_SHOWN), ...cut].join('\n');
}

function withheldNote(count: number): string {
  return count === 0 ? '' : `${count} ${count === 1 ? 'file is' : 'files are'} withheld by the policy of this run.`;
}
