/**
 * A path as text: what is refused for how it is written, whatever the disk holds. The same on every platform, so that a
 * repository cannot bring along on Linux what becomes something else on Windows or macOS.
 */
import { err, ok, type Result } from '../../core/kernel/result';

/** What systems take at most: bytes of a whole path, and of one name. */
const LIMIT = { path: 4096, name: 255 };

/** Percent signs before a slash, backslash, dot, colon or NUL: plain, twice encoded, overlong UTF-8, or as `%u`. */
const ENCODED =
  /%(?:25)*(?:00|2e|2f|3a|5c|c0%(?:25)*(?:80|ae|af|ba)|c1%(?:25)*9c|e0%(?:25)*80%(?:25)*(?:80|ae|af)|u(?:00(?:2e|2f|3a|5c)|221[56]|ff0[ef]))/i;

const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u, 'it holds a control or invisible character'],
  // The rest of what is drawn as nothing; only behind a picture is a variation selector part of a name.
  [/(?<!\p{Extended_Pictographic})[\uFE00-\uFE0F]/u, 'it holds a control or invisible character'],
  [/(?![\uFE00-\uFE0F])\p{Default_Ignorable_Code_Point}/u, 'it holds a control or invisible character'],
  [/\uFFFD/, 'it holds the sign for a character that could not be read'],
  [/\\/, 'paths are written with forward slashes'],
  [/^\//, 'it is absolute; paths are relative to the root of the repository'],
  [/:/, 'it holds a colon (a drive or an alternate stream)'],
  // Solidus, reverse solidus, ratio and full stop in other clothes; some are turned into the real ones on the way.
  [/[\u2044\u2215\u2571\u29F8\uFF0F\u2216\u29F5\u29F9\uFE68\uFF3C]/, 'it holds a character that looks like a slash'],
  [/[\u2236\uA789\uFE13\uFE55\uFF1A]/, 'it holds a character that looks like a colon'],
  [/[\u2024\u2025\uFE52\uFF0E]/, 'it holds a character that looks like a dot'],
  // Large file systems fold these to s, ff, fi, fl … and would open the file of that name.
  [/[\u017F\uFB00-\uFB06]/, 'it holds a letter that some systems take for another'],
  [ENCODED, 'it holds an encoded slash, dot or colon; names are written as they are'],
];

/** The names in a relative path, in Unicode NFC, or why it is not one. Total: answers for any text. */
export function namesIn(asked: string): Result<string[], string> {
  if (asked === '') return err('the path is empty');
  if (Buffer.byteLength(asked) > LIMIT.path) return err('the path is too long');
  const text = asked.normalize('NFC');
  const refused = REFUSED.find(([pattern]) => pattern.test(text));
  if (refused !== undefined) return err(refused[1]);
  const names = text.split('/').filter((name) => name !== '' && name !== '.');
  if (names.includes('..')) return err('".." is not allowed in a path');
  if (names[0] === '~') return err('"~" is no folder of the repository; paths are relative to its root');
  const problem = names.map(problemOfName).find((found) => found !== null);
  return problem === undefined ? ok(names) : err(problem);
}

/** What is wrong with one name of a path; null when nothing is. */
function problemOfName(name: string): string | null {
  if (Buffer.byteLength(name) > LIMIT.name) return 'a name in it is too long';
  if (/[.\s]$/u.test(name)) return 'a name in it ends with a dot or a space';
  if (/^\u2026|\u2026$/u.test(name)) return 'it holds a character that looks like a dot';
  if (isGit(name)) return "it is inside git's own folder";
  if (/^[^.~]{1,6}~\d{1,5}(?:\.[^.]{1,3})?$/u.test(name)) return 'it is a short name of Windows for another file';
  if (/^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[\d\u00B9\u00B2\u00B3]) *(?:\.|$)/i.test(name)) {
    return 'it is the name of a device';
  }
  const folded = name.normalize('NFKC').toUpperCase().toLowerCase();
  const isDisguised = !isAscii(name) && isAscii(folded) && folded.startsWith('.');
  return isDisguised ? `it is written with letters that some systems take for others: ${folded}` : null;
}

/** git's own folder under any of its names; whatever ends in dots and blanks was refused before. */
const isGit = (name: string): boolean => /^(?:\.git|git~\d+)$/i.test(name.normalize('NFKC'));

const isAscii = (text: string): boolean => /^[\0-\x7F]*$/.test(text);
