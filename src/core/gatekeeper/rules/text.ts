/**
 * A task as the rules read it: in one form of Unicode, with what was hidden made plain. Pure; linear in the length of the
 * task.
 *
 * Source of the look-alikes: the Latin part of Unicode's confusables (UTS 39), Cyrillic and Greek letters only.
 */

export type RuleText = {
  /** The task, normalised, without characters that show nothing; hidden tag characters have become letters. */
  readonly plain: string;
  /** What can only be read after a disguise is taken off: leetspeak undone, spaced-out letters joined; empty without one. */
  readonly unmasked: string;
  /** What was hidden, in words. */
  readonly hidden: readonly string[];
  /** True when something was hidden in a way that has no honest use. */
  readonly smuggled: boolean;
};

/** Longer tasks are read at both ends and, between these, in part: nobody types that much. */
const MOST = 200_000;

const TAGS = /[\u{e0020}-\u{e007e}]/gu;
/** A flag such as that of Scotland is a black flag followed by tags; this is their one honest use. */
const FLAGS = /\u{1f3f4}[\u{e0061}-\u{e007a}\u{e0030}-\u{e0039}]{1,6}\u{e007f}/gu;
const BIDI = /[\u202a-\u202e\u2066-\u2069]/u;
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Co}]/gu;
const INSIDE_WORD = /[a-z][\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u180e]+[a-z]/iu;

/** What is left of a secret is no word of what is asked, and the address of a database no place to send something to. */
const PLACEHOLDERS = /«[a-z0-9-]{1,40}(?::\d{1,9})?»/gu;
const STORES =
  /\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|redis|rediss|amqps?|jdbc:[a-z]{1,20}|sqlserver|mssql|clickhouse|ldaps?):\/\/\S*/giu;

const LOOKALIKES: Readonly<Record<string, string>> = {
  ...{ а: 'a', е: 'e', о: 'o', р: 'p', с: 'c', у: 'y', х: 'x', і: 'i', ј: 'j', ѕ: 's', ԁ: 'd', һ: 'h', ո: 'n', ɡ: 'g' },
  ...{ А: 'A', В: 'B', Е: 'E', К: 'K', М: 'M', Н: 'H', О: 'O', Р: 'P', С: 'C', Т: 'T', Х: 'X', І: 'I', Ѕ: 'S' },
  ...{ α: 'a', ε: 'e', ι: 'i', ο: 'o', ρ: 'p', υ: 'u', ν: 'v', Α: 'A', Β: 'B', Ε: 'E', Η: 'H', Ι: 'I', Κ: 'K' },
  ...{ Μ: 'M', Ν: 'N', Ο: 'O', Ρ: 'P', Τ: 'T', Χ: 'X' },
};
const WORD = /[\p{L}\p{M}]+/gu;
const LATIN = /[a-z]/i;
const OTHER = /[\p{Script=Cyrillic}\p{Script=Greek}\u0578\u0261]/u;

/** Reads a task. */
export function readText(task: string): RuleText {
  const whole = task.length <= MOST ? task : `${task.slice(0, MOST / 2)}\n${task.slice(-MOST / 2)}`;
  const hidden: string[] = [];
  const flagless = whole.replace(FLAGS, '');
  const tags = flagless.search(TAGS) >= 0;
  const bidi = BIDI.test(flagless);
  if (tags) hidden.push('hidden tag characters');
  if (bidi) hidden.push('characters that turn the direction of text');
  if (INSIDE_WORD.test(flagless)) hidden.push('invisible characters within words');
  const shown = flagless
    .replace(PLACEHOLDERS, ' ')
    .replace(STORES, ' ')
    .replace(TAGS, (tag) => String.fromCharCode((tag.codePointAt(0) ?? 0xe0020) - 0xe0000))
    .normalize('NFKC')
    .replace(INVISIBLE, (one) => (/\s/.test(one) ? one : ''))
    .replace(/[’‘`´]/g, "'");
  let mixed = false;
  const plain = shown.replace(WORD, (word) => {
    if (!OTHER.test(word) || !LATIN.test(word)) return word;
    const latin = [...word].map((letter) => LOOKALIKES[letter] ?? letter).join('');
    if (OTHER.test(latin)) return word;
    mixed = true;
    return latin;
  });
  if (mixed) hidden.push('letters that look like others');
  return { plain, unmasked: unmaskedOf(plain), hidden, smuggled: tags || bidi };
}

const LEET: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};
const LEET_WORD =
  /(?<![\w@$!/.#-])(?=[a-z0134577@$!]{0,15}[a-z])(?=[a-z]{0,15}[013457@$!])[a-z013457@$!]{3,16}(?![\w@$/.-])/gi;
/** Letters one by one, with the same little between them. */
const SPACED = /(?<![\p{L}\p{N}])(?:\p{L}[ ._*-]{1,2}){4,400}\p{L}(?![\p{L}\p{N}])/gu;

function unmaskedOf(plain: string): string {
  const leet = plain.replace(LEET_WORD, (word) => word.replace(/[013457@$!]/g, (sign) => LEET[sign] ?? sign));
  const joined = [...plain.matchAll(SPACED)].map(([run]) => run.replace(/[^\p{L}]/gu, ''));
  return [...(leet === plain ? [] : [leet]), ...joined].join('\n');
}
