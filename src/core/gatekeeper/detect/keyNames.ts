/** What the name of a setting, a field or a header says of its value. */

export type KeyClass =
  /** Nothing. */
  | 'none'
  /** A password: chosen by a person, perhaps short. */
  | 'password'
  /** A token or a key: random. */
  | 'secret'
  /** Perhaps a key; only what is long and random is one. */
  | 'perhaps'
  /** Words that stand for a wallet. */
  | 'mnemonic'
  | 'authorization'
  | 'cookie'
  /** `value`, beside a `name` that says what it is. */
  | 'value';

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

const PASSWORDS = set(
  'password passwd pwd passphrase pass passwort kennwort salasana contraseña contrasena senha lösenord wachtwoord passord ' +
    'adgangskode пароль pw passcode psw pswd userpass dbpass pgpassword dbpassword mysqlpwd motdepasse',
);
const SECRETS = set(
  'secret token apikey accesskey secretkey privatekey authtoken accesstoken refreshtoken authkey credential credentials jwt ' +
    'bearer pat sessionid sessid phpsessid jsessionid sig salt hmac masterkey encryptionkey signingkey clientsecret ' +
    'appsecret webhooksecret licensekey sharedkey accountkey sharedaccesskey sharedaccesssignature auth apitoken sastoken',
);
/** Before `key`: what makes it one that opens something. */
const STRONG = set(
  'api access secret private encryption encrypt signing auth master account shared subscription hmac aes admin session ' +
    'license jwt webhook crypto cipher role deploy',
);
/** Before `key`: what makes it none. */
const HARMLESS = set(
  'public publishable primary foreign sort partition cache object row unique index query route react translation i18n ' +
    'message map hash group site host registry item list sitemap press hot short arrow shortcut data json dict column',
);
/** At the end of a name, and nothing of what it is about. */
const ENDINGS = set(
  'value val str string plain raw text b64 base64 encoded prod production dev staging test live main old new backup primary ' +
    'secondary default env var 1 2 3',
);

/** Every name that says anything holds one of these. */
const STEM =
  /pass|pwd|pw$|pw[_\d]|psw|secret|token|key|cred|jwt|bearer|pat|sess|sig|salt|hmac|auth|cookie|value|mnemonic|phrase|kennwort|salasana|contrase|senha|lösenord|wachtwoord|adgangskode|пароль|motdepasse/i;

/** Longer names are not looked at. */
const LONGEST = 80;
const known = new Map<string, KeyClass>();

/** The class of a name as it stands in a text. The same names come again and again, so that answers are kept. */
export function classOfKey(name: string): KeyClass {
  const before = known.get(name);
  if (before !== undefined) return before;
  const found = name.length > LONGEST || !STEM.test(name) ? 'none' : classify(name);
  if (known.size > 20_000) known.clear();
  known.set(name, found);
  return found;
}

function classify(name: string): KeyClass {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .flatMap((word) => (word === '' ? [] : [word.replace(/(?<=\D)\d+$/, '')]));
  if (words.length === 1 && words[0] === 'value') return 'value';
  // What test runners print.
  if (name === 'PASS') return 'none';
  while (words.length > 1 && ENDINGS.has(words.at(-1) ?? '')) words.pop();
  const last = words.at(-1) ?? '';
  const two = `${words.at(-2) ?? ''}${last}`;
  if (last === 'authorization') return 'authorization';
  if (last === 'cookie' || two === 'setcookie') return 'cookie';
  if (two === 'seedphrase' || two === 'recoveryphrase' || last === 'mnemonic') return 'mnemonic';
  if (PASSWORDS.has(last) || PASSWORDS.has(two) || /(?:password|passwd|passphrase|passwort|salasana)$/.test(last))
    return 'password';
  if (words.some((word) => word === 'public' || word === 'publishable')) return 'none';
  if (SECRETS.has(last) || SECRETS.has(two) || /(?:secret|token|apikey)$/.test(last)) return 'secret';
  if (last !== 'key') return 'none';
  const before = words.at(-2) ?? '';
  if (STRONG.has(before)) return 'secret';
  return words.length > 1 && !HARMLESS.has(before) ? 'perhaps' : 'none';
}
