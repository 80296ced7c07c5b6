/**
 * Addresses of people. An address of a role (`support@…`), of a manual (`user@example.com`), of a machine (`git@host:`) or of
 * an author in a notice of copyright or in a package's description is nobody's secret and stays.
 */
import type { Found } from './kinds';
import { isAmongAuthors, isInLicence } from './notices';

const DOMAIN = /@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,6}[A-Za-z]{2,24})(?![\w-]|\.[A-Za-z0-9])/y;

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));
/** Roles, and what manuals write. */
const ROLES = set(
  'user you your me name email mail e-mail someone somebody anyone nobody foo bar baz test tester testing example demo sample ' +
    'admin administrator root postmaster hostmaster webmaster noreply no-reply donotreply do-not-reply notifications bounce ' +
    'mailer-daemon daemon git hg svn info hello hi hey contact support help helpdesk service sales billing office team press ' +
    'media jobs careers hr legal privacy security abuse dev developer developers devops ops sre maintainers maintainer owner ' +
    'opensource oss community feedback username yourname your-name your.name firstname.lastname first.last bot ci actions ' +
    'license licensing opencode conduct code-of-conduct secure psirt cert infosec secalert ossec newsletter marketing partners enquiries inquiries john.doe jane.doe johndoe janedoe john jane joe alice ' +
    'bob carol dave eve mallory jdoe user1 user2 a b c x y z u id xxx nobody invalid x-oauth-basic postgres mysql oracle ubuntu ec2-user deploy',
);
const EXAMPLE_DOMAINS =
  /(?:^|\.)(?:example\.(?:com|org|net|edu|fi|io)|(?:your|my)?-?(?:domain|company|site|email|mail|host|server|org|app)\.(?:com|org|net|io|tld)|test\.(?:com|org|net|io)|foo\.(?:com|org|bar)|bar\.(?:com|org)|foobar\.com|b\.c|x\.y|noreply\.github\.com|users\.noreply\.github\.com|openssh\.com|libssh\.org|lists\.[\w.-]+|googlegroups\.com|lysator\.liu\.se|putty\.projects\.tartarus\.org)$/i;
const NO_TLD = set(
  'png jpg jpeg gif svg webp avif ico js mjs cjs ts mts tsx jsx css scss less json map md html xml yml yaml txt py rb go rs java ' +
    'kt php sh zip tgz gz tar woff woff2 ttf service socket target timer mount slice scope device path local localhost ' +
    'localdomain lan internal test example invalid class git x npm lock env log sql so dll exe vue proto min latest next beta alpha canary',
);
const ATTRIBUTION =
  /copyright|\(c\)|©|licen[cs]e|@author|@copyright|@maintainer|@contributor|\b(?:written|created|maintained|contributed|developed|authored|originally|ported|modified|based|patch(?:es)?|thanks|reported|found|suggested)\b[^\n]{0,40}\bby\b|["']?(?:author|authors|maintainers?|contributors?|packager|_npmUser|publisher)["']?\s*[:=]|^\s*#?\s*(?:Maintainer|Author|Authors|Contact|Bugs?|Homepage|Report)s?\b/im;

/** Looks at the `@` at `at`. */
export function emailAt(text: string, at: number, found: Found): void {
  DOMAIN.lastIndex = at;
  const domain = DOMAIN.exec(text);
  if (domain === null) return;
  const local = localBefore(text, at);
  if (local === null) return;
  const start = at - local.length;
  const end = at + domain[0].length;
  if (isAddressed(text, start, end) || isNobody(local, domain[1] ?? '') || isAttribution(text, start, end)) return;
  found('email', start, end);
}

/** What stands before the `@`: from a letter or digit on, 64 characters at most (RFC 5321); null when there is nothing. */
function localBefore(text: string, at: number): string | null {
  let from = at;
  while (from > 0 && at - from <= 65 && /[\w.+%'-]/.test(text[from - 1] ?? '')) from--;
  const local = text.slice(from, at).replace(/^[^A-Za-z0-9]+/, '');
  return local === '' || local.length > 64 || local.endsWith('.') ? null : local;
}

/** Part of the address of a page, a repository or a place on another machine. */
function isAddressed(text: string, start: number, end: number): boolean {
  const lead = text.slice(Math.max(0, start - 3), start);
  if (lead.endsWith('//') || lead.endsWith('@') || lead.endsWith('«') || lead.endsWith('://')) return true;
  return text[end] === ':' && /[\w~/.]/.test(text[end + 1] ?? '');
}

function isNobody(local: string, domain: string): boolean {
  const name = local.toLowerCase().replace(/\+.*$/, '');
  const tld = domain.slice(domain.lastIndexOf('.') + 1).toLowerCase();
  if (NO_TLD.has(tld) || ROLES.has(name) || /^(?:no-?reply|donotreply|notifications?)[\w-]*$/.test(name)) return true;
  if (/^(?:user|test|admin|name|foo|bar)[-_.]?\d*$/.test(name) || /[xX]{3}|your/.test(name)) return true;
  // In examples only a whole name is taken for somebody's.
  return EXAMPLE_DOMAINS.test(domain) && !/^[a-z]{2,}[._][a-z]{2,}$/.test(name);
}

/** Authors are named where they have put their names for everyone to read. */
function isAttribution(text: string, start: number, end: number): boolean {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const to = text.indexOf('\n', end);
  const line = text.slice(
    Math.max(from, start - 200),
    to < 0 ? Math.min(text.length, end + 80) : Math.min(to, end + 80),
  );
  if (ATTRIBUTION.test(line)) return !/^Author:/.test(line);
  if (text[start - 1] === '<' && /^\s*(?:#|\/\/|\*|;|%|--|"|dnl\b|\.\\")/.test(line)) return true;
  return isInLicence(text, start) || isAmongAuthors(text, start);
}
