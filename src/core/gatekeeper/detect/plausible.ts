/** Whether a value could be a secret at all, or is a placeholder, a word, an expression, a path. Pure. */

/** Shannon entropy of a text in bits per character (C. E. Shannon, 1948). */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Words joined by dashes (`sk-fading-circle-spinner`) are no key: a key has a long run that digits are part of. */
export function hasRandomRun(text: string): boolean {
  return (text.match(/[A-Za-z0-9]{16,}/g) ?? []).some((run) => /[0-9]/.test(run));
}

/** Words that say that a value is to be filled in, or is made up. */
const FILLER = new Set(
  [
    'your yours my change changeme changeit replace replaceme insert enter put here example examples placeholder dummy',
    'fake sample mock mocked stub todo fixme tbd redacted masked hidden removed omitted censored none null nil undefined',
    'foo bar baz foobar qux xxx xxxx xxxxx yyy zzz abc username user empty blank notset unset unknown default optional',
    'required string number boolean any void never object true false',
  ].flatMap((line) => line.split(' ')),
);

/** Words that names and labels of secrets are made of: a value of nothing else is a name, a label or a hint. */
const VOCABULARY = new Set(
  [
    'password passwd passwort passphrase pwd pass pw secret secrets token tokens key keys api apikey auth access refresh',
    'client id private public bearer basic session cookie csrf xsrf jwt oauth oauth2 login signin signup user name email',
    'input field form label text type value hidden current new old confirm confirmation repeat again forgot reset show',
    'strength hint error invalid required missing wrong expired valid min max length the a an is of for to and or in',
    'test tests testing dev development prod production staging local demo admin root postgres mysql redis mongo guest',
    'salasana kennwort wachtwoord senha header param query app service account store manager provider config env vault',
    'github gitlab npm aws azure google slack stripe my your example insecure super',
  ].flatMap((line) => line.split(' ')),
);

const REFERENCE =
  /^(?:\$|%[A-Za-z_][\w]*%|\{\{|\{%|<|&lt;|\[|@\{|#\{|!(?:Ref|Sub|GetAtt|vault|env)|ref:|secret:|vault:|env:|file:|op:\/\/|arn:|projects\/|keyvault|@Microsoft)/;

/** The words of a value: letters in one case, or with a capital in front. */
export const wordsIn = (text: string): string[] =>
  (text.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []).map((w) => w.toLowerCase());

/** True for what stands where a secret is to be filled in, or for one that was taken out already. */
export function isPlaceholder(value: string): boolean {
  if (value.includes('«') || value.includes('…') || value.includes('...') || value.includes('***')) return true;
  if (REFERENCE.test(value) || value.includes('${') || value.includes('{{') || value.includes('}}')) return true;
  if (/^(.)\1*$/.test(value) || /([xX*•_.#?-])\1{4}/.test(value)) return true;
  if (/EXAMPLE(?:KEY)?$/.test(value)) return true;
  if (/^(?:db|my|user|proxy|root|admin|test|some|the|new|old|sa)?[_-]?pa(?:ss|\$\$)(?:word|wd|w0rd)?$/i.test(value))
    return true;
  const words = wordsIn(value);
  if ((words.some((word) => word.length > 3 && FILLER.has(word)) || isFilled(value)) && !isScrambled(value))
    return true;
  return (
    words.length > 0 &&
    words.every((word) => VOCABULARY.has(word) || FILLER.has(word)) &&
    !/[!@#$^&*+=]/.test(value) &&
    !/\d{4,}/.test(value)
  );
}

/** A short word counts only where it stands by itself. */
const isFilled = (value: string): boolean =>
  value
    .toLowerCase()
    .split(/[^a-z]+/)
    .some((word) => FILLER.has(word)) && !/^[^A-Za-z]*[A-Za-z]+[^A-Za-z\s_<>-]+[A-Za-z]/.test(value);

/** Letters and digits so mixed that a word in it is there by chance. */
function isScrambled(value: string): boolean {
  const letters = value.replace(/[^A-Za-z]/g, '').length;
  const inWords = (value.match(/[a-z]{4,}|[A-Z][a-z]{3,}|[A-Z]{4,}/g) ?? []).join('').length;
  return value.length >= 16 && inWords < letters * 0.5;
}

/** The same character classes meet so often that nobody wrote it as words. */
export function looksRandom(value: string): boolean {
  const { length } = value;
  if (length < 8) return false;
  const digits = /\d/.test(value);
  if (/^[0-9a-fA-F]+$/.test(value)) return length >= 16 && digits && entropy(value) > 2.2;
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return true;
  if (/[!@#$%^&*+=~?]/.test(value) && digits && /[A-Za-z]/.test(value)) return entropy(value) > 2.5;
  const bits = entropy(value);
  if (isWordy(value)) return false;
  if (digits)
    return length >= 20
      ? bits > 3
      : length >= 12
        ? bits > 2.8
        : /[a-z]/.test(value) && /[A-Z]/.test(value) && bits > 2.5;
  return length >= 20 && bits > 3.6 && changesOfCase(value) >= length / 5;
}

const changesOfCase = (value: string): number => (value.match(/[a-z][A-Z]|[A-Z]{2}[a-z]/g) ?? []).length;

/** Words and short numbers, joined by punctuation or capitals: a name. */
function isWordy(value: string): boolean {
  const parts = value.split(/[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])/).filter((part) => part !== '');
  return parts.every((part) => /^(?:[A-Za-z]{2,14}\d{0,4}|\d{1,4}|[A-Za-z]|v\d+)$/.test(part) && isPronounceable(part));
}

/** Between the vowels of a word stand at most four other letters. */
function isPronounceable(part: string): boolean {
  const letters = part.replace(/\d+$/, '').toLowerCase();
  return letters.length <= 3 || (/[aeiouyäöå]/.test(letters) && !/[^aeiouyäöå]{5}/.test(letters));
}

/** Mostly words, joined as the names of things in code are; perhaps with a type's brackets or a reference's sign. */
export function isIdentifier(value: string): boolean {
  const name = /^[*&]?([A-Za-z_$][\w$]*)(?:[<[].*[>\]])?$/.exec(value)?.[1];
  if (name === undefined || (name.match(/\d+/g) ?? []).length > 3) return false;
  const words = (name.match(/[A-Z]?[a-z]{2,}|[A-Z]{3,}/g) ?? []).filter(isPronounceable);
  return words.join('').length >= name.replace(/[_$\d]/g, '').length * 0.6 && words.length * 8 >= name.length * 0.6;
}

/** Names of something else than a secret that is called so: `dbpassword`, `RESET_PASSWORD_V2`. */
export const namesSecret = (value: string): boolean =>
  wordsIn(value).some((word) =>
    /^(?:key|token|secret|password|passwd|credentials?|private|pass|hmac|auth)$/.test(word),
  );

/** A path, an address or a file rather than a secret. */
export function isLocation(value: string): boolean {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return true;
  if (/^(?:\.{1,2}|~|[A-Za-z]:)?[\\/]/.test(value))
    return !(value.length >= 32 && !value.includes('.') && looksRandom(value));
  return /^[\w./-]+\.(?:json|ya?ml|txt|pem|key|crt|env|conf|ini|toml|js|ts|py|rb|go|sh|properties|xml|html?|md)$/i.test(
    value,
  );
}

/** A chain of names, as an expression in code begins with it. */
export function isExpression(value: string): boolean {
  return /^[!~+-]{0,3}[A-Za-z_$][\w$]*(?:(?:\??\.|::|->)[A-Za-z_$][\w$]*)+/.test(value) && !hasRandomRun(value);
}
