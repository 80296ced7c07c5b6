/** Passwords and tokens before the host of an address. */
import type { Found } from './kinds';
import { isPlaceholder, looksRandom } from './plausible';

const USERINFO = /:\/\/([^\s:/@?#"'`<>\\]{0,200})(?::([^\s/"'`<>«»\\()[\]{}|^]{1,500}))?@(?=[^\s"'`])/y;
const WORDS =
  /^(?:pass(?:word|wd)?|pwd|secret|user(?:name|pass)?|token|key|pw|pass_?word|api_?key|x-oauth-basic|x-access-token)$/i;
const LOCAL =
  /^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|host\.docker\.internal|db|postgres|mysql|redis|mongo|rabbitmq)(?![\w.-])/;

/** Looks at the `://` at `at`. */
export function addressAt(text: string, at: number, found: Found): void {
  USERINFO.lastIndex = at;
  const match = USERINFO.exec(text);
  if (match === null) return;
  const [all, user = '', password] = match;
  const end = at + all.length - 1;
  if (password === undefined) {
    // Of Sentry's addresses this part is public; elsewhere what is random is a token.
    const host = text.slice(end + 1, end + 60);
    if (user.length >= 20 && looksRandom(user) && !isPlaceholder(user) && !/sentry|ingest/.test(host))
      found('url-password', end - user.length, end);
    return;
  }
  if (isHarmless(user, password, text.slice(end + 1, end + 40))) return;
  // «host:port/path@x» has no password: what stands there is a port.
  found('url-password', end - password.length, end);
}

function isHarmless(user: string, password: string, host: string): boolean {
  if (/your/i.test(user)) return true;
  if (
    /^[a-z]{1,4}$/.test(password) ||
    password.length < 3 ||
    password.startsWith('pserver:') ||
    WORDS.test(password) ||
    isReference(password)
  )
    return true;
  return password === user && (LOCAL.test(host) || password.length < 6);
}

const isReference = (password: string): boolean => /^(?:\$|\{|<|\[|%[A-Z_]+%)|\*\*\*|\.\.\.|^x+$/i.test(password);
