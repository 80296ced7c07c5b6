/** Names of files that are themselves a secret, or tell who somebody is. */
import { redact } from './redact';

const EXTENSION = /\.\w{1,8}$/;

/**
 * True for a path that would be redacted where it is written. Such a file is no part of a survey or of a context: it could not be
 * listed among what was sent.
 */
export function isSecretName(path: string): boolean {
  if (!couldBe(path)) return false;
  // An address of somebody that is followed by an extension looks like an address in another country.
  return [path, path.replace(EXTENSION, '')].some((name) => redact(name).text !== name);
}

/** No secret is shorter than this many letters, digits and underscores, and no number that tells who somebody is than these digits. */
const WORD = 16;
const DIGITS = 6;

/** What most names are decided by. It is asked of every file of a repository, where an expression would look back each time. */
function couldBe(path: string): boolean {
  let word = 0;
  let digits = 0;
  for (let at = 0; at < path.length; at++) {
    const code = path.charCodeAt(at);
    const isDigit = code >= 48 && code <= 57;
    const isWord = isDigit || (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
    word = isWord ? word + 1 : 0;
    digits = isDigit ? digits + 1 : 0;
    if (word === WORD || digits === DIGITS || code === 64) return true;
  }
  return false;
}
