/** The address of a page, as the policy sees it: its host, or why no rule could allow it. */
import { err, ok, type Result } from '../kernel/result';

/** The host of an https address in lower case. Everything that could lead elsewhere than it says is refused. */
export function hostOf(address: string): Result<string, string> {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return err('it is not an address');
  }
  if (url.protocol !== 'https:') return err('only https addresses are fetched');
  if (url.username !== '' || url.password !== '') return err('it holds a user name or a password');
  // What a parser takes out silently, another may read as the end of the host.
  if (/[\p{C}\p{Z}\\]/u.test(address)) return err('it holds a space, a backslash or an invisible character');
  if (url.port !== '') return err('only the usual port of https is fetched');
  const host = url.hostname;
  if (host.startsWith('[') || /^[\d.]+$/.test(host)) return err('it names a number instead of a host');
  if (!host.includes('.') || host.endsWith('.')) return err('it does not name a host of the public network');
  if (/\.(localhost|local|internal|home|lan|intranet|corp|test|invalid|onion|arpa)$/.test(host))
    return err('it names a host of a private network');
  return ok(host);
}
