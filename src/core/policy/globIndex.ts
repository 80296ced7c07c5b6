/**
 * Many globs as one matcher. What most globs of policies and ignore files are (a name, an ending, a folder) is looked up
 * instead of matched, and what a folder decides is decided once for all that lies below it. Pure.
 *
 * Invariant: the same answer as matching every glob by itself, for every path; what is not plainly one of those forms, and
 * every path that is not plain, is matched so.
 */

type Matcher = (path: string) => boolean;

/** Segments of printable ASCII, none of them `.` or `..`: of those it is known what a glob does with them. */
const PLAIN_PATH = /^(?!\.{1,2}(?:\/|$))[ -.0-[\]-~]+(?:\/(?!\.{1,2}(?:\/|$))[ -.0-[\]-~]+)*$/;
/** Folders whose answer is kept. */
const FOLDERS = 20_000;

/** The globs as one matcher; `single` makes that of one glob, and is asked for it when it is needed. */
export function globIndex(globs: readonly string[], single: (glob: string) => Matcher): Matcher {
  const lazy = globs.map((glob) => later(() => single(glob)));
  const all: Matcher = (path) => lazy.some((matches) => matches(path));
  const index = new Index();
  const rest: { readonly needs: string; readonly matches: Matcher }[] = [];
  for (const [at, glob] of globs.entries()) {
    const forms = alternativesOf(glob).map(formOf);
    if (forms.every((form) => form !== null)) for (const form of forms) index.add(form);
    else rest.push({ needs: literalOf(glob), matches: lazy[at] ?? all });
  }
  return (path) => {
    if (!PLAIN_PATH.test(path)) return all(path);
    const low = path.toLowerCase();
    return index.matches(low) || rest.some(({ needs, matches }) => low.includes(needs) && matches(path));
  };
}

function later(make: () => Matcher): Matcher {
  let made: Matcher | null = null;
  return (path) => {
    made ??= make();
    return made(path);
  };
}

/** What a glob says of paths: of those that are (`here`) or lie below (`below`) what it names. */
type Form = {
  readonly name: string;
  /** At the root, at any depth, or any name at any depth with this ending. */
  readonly kind: 'path' | 'name' | 'ending' | 'everything';
  readonly here: boolean;
  readonly below: boolean;
};

const LITERAL = /^(?:[\w. -]|\\[*?[\]{}()!+@|])+$/;
const PATH = /^(?:[\w. /-]|\\[*?[\]{}()!+@|])+$/;
const TAIL = /\/\*\*(\/\*)?$/;

/** The form of a glob without braces; null for what is none that is known. */
function formOf(glob: string): Form | null {
  if (glob === '**') return { name: '', kind: 'everything', here: true, below: true };
  const [tail, deeper] = TAIL.exec(glob) ?? [''];
  const head = glob.slice(0, glob.length - (tail ?? '').length);
  const reach = { here: deeper === undefined, below: tail !== '' };
  const anywhere = head.startsWith('**/');
  const name = anywhere ? head.slice(3) : head;
  if (anywhere && name.startsWith('*.') && LITERAL.test(name.slice(1)))
    return { name: plain(name.slice(1)), kind: 'ending', ...reach };
  if (anywhere && LITERAL.test(name) && !isDots(name)) return { name: plain(name), kind: 'name', ...reach };
  if (!anywhere && PATH.test(name) && name.split('/').every((part) => part !== '' && !isDots(part)))
    return { name: plain(name), kind: 'path', ...reach };
  return null;
}

const isDots = (name: string): boolean => name === '.' || name === '..';
const plain = (text: string): string => text.replace(/\\(.)/g, '$1').toLowerCase();

class Index {
  readonly #here = new Looked();
  readonly #below = new Looked();
  readonly #folders = new Map<string, boolean>();
  #everything = false;

  add(form: Form): void {
    if (form.kind === 'everything') this.#everything = true;
    if (form.here) this.#here.add(form);
    if (form.below) this.#below.add(form);
  }

  /** For a plain path in lower case. */
  matches(path: string): boolean {
    if (this.#everything || this.#here.has(path)) return true;
    const at = path.lastIndexOf('/');
    return at > 0 && this.#isBelow(path.slice(0, at));
  }

  /** Whether something decides all that lies in a folder. */
  #isBelow(folder: string): boolean {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const at = folder.lastIndexOf('/');
    const answer = this.#below.has(folder) || (at > 0 && this.#isBelow(folder.slice(0, at)));
    if (this.#folders.size >= FOLDERS) this.#folders.clear();
    this.#folders.set(folder, answer);
    return answer;
  }
}

class Looked {
  readonly #paths = new Set<string>();
  readonly #names = new Set<string>();
  /** By what comes after the last dot. */
  readonly #endings = new Map<string, string[]>();

  add({ name, kind }: Form): void {
    if (kind === 'path') this.#paths.add(name);
    if (kind === 'name') this.#names.add(name);
    if (kind !== 'ending') return;
    const last = name.slice(name.lastIndexOf('.'));
    this.#endings.set(last, [...(this.#endings.get(last) ?? []), name]);
  }

  has(path: string): boolean {
    if (this.#paths.has(path)) return true;
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (this.#names.has(name)) return true;
    const dot = this.#endings.size === 0 ? -1 : name.lastIndexOf('.');
    return dot >= 0 && this.#endings.get(name.slice(dot))?.some((ending) => name.endsWith(ending)) === true;
  }
}

const BRACES = /\{([\w.*,-]*,[\w.*,-]*)\}/;
const MOST_ALTERNATIVES = 64;

/** `*.{pem,key}` as `*.pem` and `*.key`; a glob in which braces could mean something else as it is. */
function alternativesOf(glob: string): string[] {
  if (!glob.includes('{') || /[()\\]/.test(glob)) return [glob];
  let all = [glob];
  while (all.length <= MOST_ALTERNATIVES && all.some((one) => BRACES.test(one))) {
    all = all.flatMap((one) => {
      const [braces, inner] = BRACES.exec(one) ?? [];
      if (braces === undefined || inner === undefined) return [one];
      return inner.split(',').map((part) => one.replace(braces, () => part));
    });
  }
  return all;
}

/** The longest text, in lower case, that every path has which the glob matches; empty when none is known. */
function literalOf(glob: string): string {
  // What stands in braces, groups and classes may be there or not; what is not ASCII may be written otherwise.
  if (/[^ -~]|\\|\[|(?:^|\/)\.{1,2}(?:\/|$)/.test(glob)) return '';
  let outside = '';
  let depth = 0;
  for (const [at, char] of [...glob].entries()) {
    if (char === '(' || char === '{') depth++;
    const opens = '!?*+@'.includes(char) && glob[at + 1] === '(';
    outside += depth > 0 || opens ? '*' : char;
    if ((char === ')' || char === '}') && depth > 0) depth--;
  }
  const chunks = outside.toLowerCase().match(/[\w.-]+/g) ?? [];
  return chunks.reduce((longest, one) => (one.length > longest.length ? one : longest), '');
}
