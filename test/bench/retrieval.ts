/** What it costs to choose the context of a task in a monorepo of 50,000 files, through the tool itself. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { plainGate } from '../../src/core/gatekeeper/gate';
import { parseYaml } from '../../src/core/kernel/yaml';
import { withheldBy } from '../../src/core/policy/evaluate';
import { policySchema, type Snapshot } from '../../src/core/policy/schema';
import { createGit } from '../../src/node/git/git';
import { sha256 } from '../../src/node/system/sha256';
import { createToolbox } from '../../src/node/tools/toolbox';
import { openRepository } from '../../src/node/workspace/repository';
import { createWorktree, type Worktree } from '../../src/node/workspace/worktree';
import { heapInUse, seconds } from './measure';

const FILES = 50_000;
const PACKAGES = 400;
const TASK = 'Refunds are rounded wrong: roundRefundCents in the ledger loses a cent when a voucher is split';
const OTHER = 'The invoice export writes the wrong currency, see exportInvoiceRows';

export type Retrieval = {
  readonly files: number;
  readonly cold: number;
  /** The same task again, after one file was changed. */
  readonly changed: number;
  readonly warm: number;
  /** Another task in the same process. */
  readonly other: number;
  /** Bytes that stay in use. */
  readonly kept: number;
};

/** Builds the repository below `folder` and measures; times in milliseconds. `root` is the checkout of OpenExec. */
export async function measureRetrieval(folder: string, root: string): Promise<Retrieval> {
  const user = path.join(folder, 'monorepo');
  fs.mkdirSync(user, { recursive: true });
  execFileSync('git', ['init', '--quiet', user]);
  execFileSync('git', ['fast-import', '--quiet'], { cwd: user, input: monorepo(), maxBuffer: 1e9 });
  execFileSync('git', ['reset', '--quiet', '--hard', 'main'], { cwd: user });
  const git = createGit({ environment: process.env });
  const repository = await openRepository(user, git);
  const commit = (await git.run(user, ['rev-parse', 'HEAD'])).stdout.trim();
  const tree = (await git.run(user, ['rev-parse', 'HEAD^{tree}'])).stdout.trim();
  const worktree = await createWorktree(repository, { run: 'bench', folder: path.join(folder, 'tree'), commit });
  await worktree.treeOf();
  const toolOf = (task: string) =>
    contextTool(root, { worktree, repository, base: { baseTree: tree, baseCommit: commit }, tree }, task);
  const run = toolOf(TASK);
  const before = heapInUse();
  const cold = await timed(run);
  const kept = Math.max(0, heapInUse() - before);
  const warm = await timed(run);
  fs.appendFileSync(path.join(worktree.folder, placeOf(7)), '// roundRefundCents\n');
  await worktree.treeOf();
  const changed = await timed(run);
  const other = await timed(toolOf(OTHER));
  return { files: FILES, cold, warm, changed, other, kept };
}

const timed = async (work: () => Promise<unknown>): Promise<number> => 1000 * (await seconds(work));

type Place = Pick<Parameters<typeof createToolbox>[0], 'repository' | 'base' | 'tree'> & { worktree: Worktree };

/** build_context under the standard policy; it has to find what the task is about. */
function contextTool(root: string, place: Place, task: string): () => Promise<void> {
  const policy = parseYaml(fs.readFileSync(path.join(root, 'policies/standard.yaml'), 'utf8'), policySchema);
  if (!policy.ok) throw new Error('the standard policy cannot be read');
  const snapshot: Snapshot = {
    policy: policy.value.value,
    toolset: { version: 1, id: 'all', description: '', tools: ['read_file'] },
    commands: {},
    blueprint: '',
    model: '',
    gatekeeper: '',
  };
  const none = async (): Promise<never> => {
    throw new Error('not in a bench');
  };
  const toolbox = createToolbox({
    ...place,
    blobs: { put: none, get: none },
    hash: sha256,
    commands: {},
    snapshot,
    gate: plainGate(4),
    symbols: null,
    ripgrep: null,
    grammars: path.join(root, 'node_modules/@vscode/tree-sitter-wasm/wasm'),
    mcp: { connection: none, end: none, close: async () => undefined },
    excluded: (file) => withheldBy(snapshot, file),
    protectedBy: () => null,
    environment: process.env,
    run: { id: 'bench', task },
    monotonic: () => performance.now(),
    now: () => new Date().toISOString(),
    exportEvidence: none,
  });
  const request = { call: 'c1', tool: 'build_context', input: '{}', origin: 'node' } as const;
  return async () => {
    const { events } = await toolbox.execute(request, { paths: [] }, new AbortController().signal);
    const [built] = events;
    const found = built?.type === 'context.built' ? built.data.files.map((file) => file.path) : [];
    const wanted = task === TASK ? LEDGER : INVOICE;
    if (!found.includes(wanted)) throw new Error(`${wanted} was not found: ${found.join(', ')}`);
  };
}

const LEDGER = 'packages/p17/src/ledger/refunds.ts';
const INVOICE = 'packages/p42/src/export/invoices.ts';
const placeOf = (at: number): string => `packages/p${at % PACKAGES}/src/module${at}.ts`;

/** The repository as git's fast-import reads it: packed, as a monorepo is. */
function monorepo(): Buffer {
  const parts: string[] = [
    'commit refs/heads/main\ncommitter Pat <pat@example.invalid> 1700000000 +0000\ndata 3\none\n',
  ];
  const put = (name: string, text: string) =>
    parts.push(`M 100644 inline ${name}\ndata ${Buffer.byteLength(text)}\n${text}\n`);
  const words = vocabulary();
  for (let at = 0; at < FILES - 2; at++) put(placeOf(at), source(words));
  for (let at = 0; at < PACKAGES; at++) {
    put(`packages/p${at}/package.json`, `{ "name": "@acme/p${at}" }\n`);
    put(`packages/p${at}/.env`, `API_KEY=abcdef${at}\n`);
  }
  put(
    LEDGER,
    `/** Rounds what a voucher gives back. */\nexport function roundRefundCents(cents: number): number {\n  return cents;\n}\n`,
  );
  put(INVOICE, `export function exportInvoiceRows(rows: string[]): string {\n  return rows.join();\n}\n`);
  return Buffer.from(parts.join(''));
}

type Words = () => string;

/** Words as often as in code: few very often, most seldom. From a generator of its own, so that it is always the same. */
function vocabulary(): Words {
  let state = 12345;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
  const letters = 'aeioulnrstdmkpbcgh';
  const words = Array.from({ length: 20_000 }, () =>
    Array.from({ length: 4 + below(7) }, () => letters[below(letters.length)]).join(''),
  );
  const common = [
    'value',
    'user',
    'request',
    'error',
    'service',
    'result',
    'config',
    'client',
    'index',
    'cent',
    'split',
  ];
  return () => {
    if (below(4) === 0) return common[below(common.length)] ?? '';
    const at = below(1000) / 1000;
    return words[Math.floor(words.length * at ** 3)] ?? '';
  };
}

const capital = (word: string): string => `${word[0]?.toUpperCase()}${word.slice(1)}`;

function source(word: Words): string {
  const lines = [`import { ${word()} } from './${word()}';`, ''];
  for (let at = 0; at < 12; at++) {
    lines.push(
      `/** ${word()} ${word()} ${word()} ${word()} ${word()} ${word()}. */`,
      `export function ${word()}${capital(word())}(${word()}: string): number {`,
      `  const ${word()} = ${word()}.${word()}${capital(word())}(${word()});`,
      `  if (${word()} > ${at}) return ${word()};`,
      `  return ${word()};`,
      '}',
      '',
    );
  }
  return lines.join('\n');
}
