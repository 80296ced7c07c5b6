/**
 * The secrets that stand in the files of a repository, found before a run begins: what is known by its value is found in any
 * form, also where a program prints the file in base64. Bounded in files, bytes and values; what lies beyond is still found
 * as it is.
 */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { NOTHING_MORE } from '../../core/gatekeeper/detect/findings';
import { type Kind, VAGUE_KINDS } from '../../core/gatekeeper/detect/kinds';
import type { KnownValue } from '../../core/gatekeeper/detect/known';
import { allSecretsIn } from '../../core/gatekeeper/detect/segments';
import type { Git } from '../git/git';
import { breather } from '../system/breathe';

const MAX_FILES = 4_000;
const MAX_FILE_BYTES = 256 * 1024;
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_VALUES = 800;
/** Of personal data, which may fill whole tables. */
const MAX_PERSONAL = 200;

/** Generated files: their hashes are no secrets, and there are many. */
const GENERATED = /(?:^|\/)(?:[^/]*lock(?:\.[a-z]+)?|[^/]*\.(?:lock|map|svg|min\.js|min\.css|snap))$/i;
const PERSONAL: ReadonlySet<Kind> = new Set<Kind>(['email', 'phone', 'name', 'card', 'iban', 'ssn', 'hetu']);
/** What is too short would be found by chance in other texts. */
const SHORTEST = 9;
const SHORTEST_VAGUE = 14;
const SHORTEST_KEY_LINE = 40;

/** What was found in the files that git tracks or would; files that cannot be read are passed over. */
export async function workspaceSecrets(root: string, git: Git): Promise<KnownValue[]> {
  const found = new Values();
  const rest = breather();
  let bytes = 0;
  for (const name of await filesIn(root, git)) {
    const size = await sizeOf(path.join(root, name));
    if (size === null || size > MAX_FILE_BYTES) continue;
    bytes += size;
    if (bytes > MAX_BYTES || found.isFull) break;
    const text = await textOf(path.join(root, name));
    for (const { kind, start, end } of allSecretsIn(text, NOTHING_MORE)) found.add(kind, text.slice(start, end));
    await rest();
  }
  return found.all;
}

async function filesIn(root: string, git: Git): Promise<string[]> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await git.run(root, args);
  const names = stdout.split('\0').filter((name) => name !== '' && !GENERATED.test(name));
  return [...new Set(names)].slice(0, MAX_FILES);
}

async function sizeOf(file: string): Promise<number | null> {
  const found = await stat(file).catch(() => null);
  return found?.isFile() === true ? found.size : null;
}

/** Empty for what is no text. */
async function textOf(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.includes('\0') ? '' : text;
}

class Values {
  readonly #values = new Map<string, KnownValue>();
  #personal = 0;

  get isFull(): boolean {
    return this.#values.size >= MAX_VALUES;
  }

  get all(): KnownValue[] {
    return [...this.#values.values()];
  }

  add(kind: Kind, value: string): void {
    // A program may show one line of a key alone.
    const parts =
      kind === 'private-key' ? value.split('\n').filter((line) => line.length >= SHORTEST_KEY_LINE) : [value];
    for (const part of parts) this.#addOne(kind, part.trim());
  }

  #addOne(kind: Kind, value: string): void {
    if (this.isFull || this.#values.has(value) || !isTelling(kind, value)) return;
    if (PERSONAL.has(kind)) {
      if (this.#personal >= MAX_PERSONAL) return;
      this.#personal += 1;
    }
    this.#values.set(value, { kind, value });
  }
}

/** A value of which only a name says that it is secret may be an ordinary word. */
function isTelling(kind: Kind, value: string): boolean {
  if (!VAGUE_KINDS.has(kind)) return value.length >= SHORTEST;
  return value.length >= SHORTEST_VAGUE && /\d/.test(value) && /[A-Za-z]/.test(value) && !/\s/.test(value);
}
