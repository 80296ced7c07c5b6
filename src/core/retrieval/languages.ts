/** The languages whose files can be taken apart, and how each says that it builds on another file. Pure. */

export type Language =
  | 'javascript'
  | 'typescript'
  | 'tsx'
  | 'python'
  | 'go'
  | 'java'
  | 'rust'
  | 'cpp'
  | 'c-sharp'
  | 'ruby'
  | 'php';

const ENDINGS: Readonly<Record<Language, string>> = {
  javascript: 'js mjs cjs jsx',
  typescript: 'ts mts cts',
  tsx: 'tsx',
  python: 'py pyi',
  go: 'go',
  java: 'java',
  rust: 'rs',
  cpp: 'c cc cpp cxx h hh hpp hxx',
  'c-sharp': 'cs',
  ruby: 'rb rake',
  php: 'php',
};

const BY_ENDING = new Map(
  Object.entries(ENDINGS).flatMap(([language, endings]) =>
    endings.split(' ').map((ending) => [ending, language as Language] as const),
  ),
);

/** The language of a file by the ending of its name, or null. */
export const languageOf = (path: string): Language | null =>
  BY_ENDING.get(path.slice(path.lastIndexOf('.') + 1).toLowerCase()) ?? null;

/** What another file is called where it is imported, and the names that are taken from it. */
export type Import = { readonly from: string; readonly names: readonly string[] };

const QUOTED = String.raw`["']([^"'\n]{1,300})["']`;
const SCRIPT = new RegExp(String.raw`\b(?:from|import|require)\s*\(?\s*${QUOTED}|\bimport\s*\(\s*${QUOTED}`, 'g');

const FORMS: Readonly<Record<Language, RegExp>> = {
  javascript: SCRIPT,
  typescript: SCRIPT,
  tsx: SCRIPT,
  python: /^[ \t]*from[ \t]+([.\w]+)[ \t]+import|^[ \t]*import[ \t]+([.\w]+)/gm,
  go: /^[ \t]*(?:import[ \t]+)?(?:[\w.]+[ \t]+)?"([\w./~-]{1,300})"/gm,
  java: /^[ \t]*import[ \t]+(?:static[ \t]+)?([\w.]+)/gm,
  rust: /^[ \t]*(?:pub(?:\([\w ]+\))?[ \t]+)?(?:use[ \t]+([\w:]+)|mod[ \t]+(\w+)[ \t]*;)/gm,
  cpp: /^[ \t]*#[ \t]*include[ \t]*["<]([^">\n]{1,300})[">]/gm,
  'c-sharp': /^[ \t]*(?:global[ \t]+)?using[ \t]+(?:static[ \t]+)?(?:\w+[ \t]*=[ \t]*)?([\w.]+)[ \t]*;/gm,
  ruby: /^[ \t]*require(?:_relative)?[ \t(]+["']([^"'\n]{1,300})["']/gm,
  php: /^[ \t]*use[ \t]+(?:function[ \t]+|const[ \t]+)?\\?([\w\\]+)|\b(?:require|include)(?:_once)?[ \t(]*(?:__DIR__[ \t]*\.[ \t]*)?["']\/?([^"'\n]{1,300})["']/gm,
};

const DEFINED =
  /\b(?:function\*?|class|def|fn|func|interface|type|struct|enum|trait|record|module|const|let|var)[ \t]+(?:\([^)\n]*\)[ \t]*)?([A-Za-z_$][\w$]*)/g;

/** The names that a text of any language defines with a word of its own for that, by its lines. */
export const definedIn = (text: string): string[] => [
  ...new Set([...text.matchAll(DEFINED)].map((match) => match[1] ?? '')),
];

const IMPORTS = 100;

/**
 * What a text of a language imports, by its lines. Of a whole file it can take a line of a comment for an import; the text
 * of import statements alone, which a parser has found, leaves no doubt.
 */
export function importsIn(language: Language, text: string): Import[] {
  const found = new Map<string, Import>();
  for (const match of text.matchAll(FORMS[language])) {
    const from = match[1] ?? match[2];
    if (from === undefined || found.has(from) || found.size >= IMPORTS) continue;
    found.set(from, { from, names: namesBeside(text, match.index, match[0].length) });
  }
  return [...found.values()];
}

const STATEMENT = 400;

const KEYWORDS = new Set(
  'import from export require use using include const type static func function mod pub'.split(' '),
);

/** The names in the statement around a place: what stands before it in a script, and the rest of the line. */
function namesBeside(text: string, at: number, length: number): string[] {
  const before = text.slice(Math.max(0, at - STATEMENT), at);
  const taken = /(?:[\w$*]+\s*,\s*)?(?:\{[^{}]*\}|[\w$]+)\s*$/.exec(before)?.[0] ?? '';
  const line = text.slice(at, at + length + STATEMENT).split('\n', 1)[0] ?? '';
  const names = `${taken} ${line}`.match(/[A-Za-z_]\w{2,}/g) ?? [];
  return [...new Set(names)].filter((name) => !KEYWORDS.has(name)).slice(0, 20);
}
