/** What a task mentions that may be in a repository: paths and file names, identifiers, words. Pure; bounded. */

export type Mentions = {
  readonly paths: readonly string[];
  readonly symbols: readonly string[];
  readonly words: readonly string[];
};

const MOST = { text: 100_000, paths: 40, symbols: 16, words: 120 } as const;
const PATH = /(?<![\w./@:-])(?:\.{1,2}\/|\/)?(?:\.?[\w@+()[\]-]{1,80}[./\\]){1,14}[\w@+()[\]-]{0,80}/gu;
const BARE_FILE =
  /(?<![\w./-])(?:Dockerfile|Makefile|Jenkinsfile|Gemfile|Rakefile|Procfile|Vagrantfile|LICENSE|CODEOWNERS)(?![\w./-])/gu;
const QUOTED = /[`"']([^`"'\n]{2,120})[`"']/gu;
const CODE = /(?<![\p{L}\p{N}_$])[\p{L}_$][\p{L}\p{N}_$]{2,60}(?![\p{L}\p{N}_$])/gu;
const isCode = (word: string): boolean =>
  /\p{Ll}\p{Lu}/u.test(word) || /[\p{L}\p{N}]_[\p{L}\p{N}]/u.test(word) || /^\p{Lu}+\p{Lu}\p{Ll}/u.test(word);
const WORD = /(?<![\w@/.-])@?[\p{L}][\p{L}\p{N}]*(?:[/_-][\p{L}\p{N}]+){0,4}/gu;

/** Takes a task apart. */
export function mentionsIn(task: string): Mentions {
  const text = task.slice(0, MOST.text).replace(/https?:\/\/\S+/gu, ' ');
  const quoted = [...text.matchAll(QUOTED)].map(([, inner = '']) => inner.trim());
  const raw = [...text.matchAll(PATH), ...text.matchAll(BARE_FILE)].map(([found]) => found);
  const spaced = quoted.filter((inner) => /[./]/.test(inner) && /^[\w ./@+()[\]-]+$/.test(inner));
  const paths = [...raw, ...spaced].map(cleaned).filter((path) => path.length > 1 && /[\p{L}]/u.test(path));
  const called = [...text.matchAll(/(?<![\w$])([A-Za-z_$][\w$]{2,60})\(\)?/gu)].map(([, name = '']) => name);
  const single = quoted.filter((inner) => /^[A-Za-z_$][\w$]{3,60}$/.test(inner));
  const code = [...text.matchAll(CODE)].map(([word]) => word).filter(isCode);
  const words = [...text.matchAll(WORD)].map(([word]) => word.toLowerCase());
  return {
    paths: [...new Set(paths)].slice(0, MOST.paths),
    symbols: [...new Set([...single, ...called, ...code])].slice(0, MOST.symbols),
    words: [...new Set(words)].filter((word) => word.length >= 3).slice(0, MOST.words),
  };
}

/** Without the line that is named behind a path, and the full stop of a sentence. */
const cleaned = (path: string): string =>
  path
    .replaceAll('\\', '/')
    .replace(/:\d+(?::\d+)?$/, '')
    .replace(/[.,()[\]]+$/, '')
    .replace(/^(?:\.{1,2}\/)+/, '')
    .replace(/^\/+/, '')
    .replace(/\/+$/, '');
