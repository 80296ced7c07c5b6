/**
 * Canaries: made-up secrets and personal data of every kind, each unique, random and valid in its own format, and the files
 * of a workspace that is full of them. Put together here, so that no scanner takes this file for a leak.
 */
import { createHash } from 'node:crypto';

/** `core` is what is secret about it: what must not be found. It is the value without what only says its kind. */
export type Canary = { readonly name: string; readonly value: string; readonly core: string };

/** Letters and digits that follow from a name and look like chance. */
function chance(name: string, length: number, alphabet = ALNUM): string {
  let out = '';
  for (let round = 0; out.length < length; round += 1) {
    for (const byte of createHash('sha512').update(`canary ${name} ${round}`).digest()) {
      if (byte < alphabet.length * Math.floor(256 / alphabet.length)) out += alphabet[byte % alphabet.length];
    }
  }
  return out.slice(0, length);
}
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const ALNUM = `${LOWER}${LOWER.toUpperCase()}${DIGITS}`;
const HEX = `${DIGITS}abcdef`;
const UPPER = `${LOWER.toUpperCase()}${DIGITS}`;

const canary = (name: string, value: string, core = value.slice(-16)): Canary => ({ name, value, core });

function luhn(start: string): string {
  const sum = [...start].reverse().reduce((total, digit, at) => {
    const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${start}${(10 - (sum % 10)) % 10}`;
}

function iban(country: string, account: string): string {
  const numbers = [...`${account}${country}00`].map((sign) => Number.parseInt(sign, 36)).join('');
  let rest = 0;
  for (const digit of numbers) rest = (rest * 10 + Number(digit)) % 97;
  return `${country}${String(98 - rest).padStart(2, '0')}${account}`;
}

/** A Finnish personal identity code with its check character. */
function hetu(birth: string, number: string): string {
  return `${birth}-${number}${'0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(`${birth}${number}`) % 31]}`;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const PEM = Array.from({ length: 4 }, (_, row) => chance(`pem ${row}`, 64));

/** In files that hold settings: their exact values are known, and found in any form. */
export const ENV = {
  SESSION_SECRET: canary('.env SESSION_SECRET', chance('session', 48, HEX)),
  DB_PASSWORD: canary('.env DB_PASSWORD', chance('dbpass', 20)),
  PARTNER_PIN_PHRASE: canary(
    '.env PARTNER_PIN_PHRASE',
    `${chance('pin a', 7)}-${chance('pin b', 9)}-${chance('pin c', 6)}`,
  ),
  STRIPE_SECRET_KEY: canary('.env stripe', `sk${'_live_'}${chance('stripe', 24)}`),
};
/** The same in a file below the root that git tracks. */
export const NESTED_ENV = { SERVICE_TOKEN: canary('services .env.local', chance('service', 32)) };
/** Set in the environment of the program. */
export const ENVIRONMENT = { DEPLOY_TOKEN: canary('environment DEPLOY_TOKEN', chance('deploy', 40)) };
export const API_KEY = canary('OPENAI_API_KEY', `sk-${'proj'}-${chance('api key', 48)}`);

const JWT = [
  base64('{"alg":"HS256","typ":"JWT"}').replace(/=+$/, ''),
  base64(JSON.stringify({ sub: chance('sub', 12), iat: 1700000000 })).replace(/=+$/, ''),
  chance('jwt', 43),
].join('.');

/** In the middle of source code. */
export const CODE = {
  aws: canary('aws key', `AK${'IA'}${chance('aws', 16, UPPER.replace(/[0189]/g, ''))}`, undefined),
  awsSecret: canary('aws secret', chance('aws secret', 40)),
  github: canary('github token', `gh${'p'}_${chance('github', 36)}`),
  githubFine: canary('github fine-grained token', `github${'_pat_'}${chance('fine a', 22)}_${chance('fine b', 59)}`),
  slack: canary(
    'slack token',
    `xo${'xb'}-${chance('slack a', 12, DIGITS)}-${chance('slack b', 12, DIGITS)}-${chance('slack c', 24)}`,
  ),
  stripe: canary('stripe key', `rk${'_live_'}${chance('stripe two', 24)}`),
  openai: canary('openai key', `sk-${'proj'}-${chance('openai', 64)}`),
  anthropic: canary('anthropic key', `sk-${'ant'}-api03-${chance('anthropic', 93)}AA`),
  google: canary('google key', `AI${'za'}${chance('google', 35)}`),
  npm: canary('npm token', `npm${'_'}${chance('npm', 36)}`),
  jwt: canary('jwt', JWT),
  database: canary('database url', `postgres://app:${chance('pg', 18)}@db.internal:5432/app`, chance('pg', 18)),
  basic: canary('basic auth', base64(`deploy:${chance('basic', 22)}`)),
};
export const PRIVATE_KEY = canary(
  'private key',
  `-----BEGIN RSA ${'PRIVATE'} KEY-----\n${PEM.join('\n')}\n-----END RSA ${'PRIVATE'} KEY-----`,
  PEM[2],
);

/** About people who do not exist. */
const PEOPLE = {
  email: canary(
    'e-mail',
    `${chance('mail', 10, LOWER)}.${chance('mail b', 8, LOWER)}@kauppa-oy.fi`,
    `${chance('mail', 10, LOWER)}.`,
  ),
  phone: canary('phone', `+358 40 ${chance('phone', 3, '23456789')} ${chance('phone b', 4, '23456789')}`, undefined),
  iban: canary('iban', iban('FI', chance('iban', 14, DIGITS))),
  card: canary('card', luhn(`4${chance('card', 14, DIGITS)}`)),
  hetu: canary('hetu', hetu('131052', `3${chance('hetu', 2, '123456789')}`), undefined),
  ssn: canary('ssn', `${'219'}-${chance('ssn', 2, '123456789')}-${chance('ssn b', 4, '123456789')}`, undefined),
};

/** In other places than files. */
export const ELSEWHERE = {
  task: canary('in the task', `gh${'p'}_${chance('task', 36)}`),
  history: canary('in the git history', `gh${'p'}_${chance('history', 36)}`),
  message: canary(
    'in a commit message',
    `xo${'xb'}-${chance('m a', 12, DIGITS)}-${chance('m b', 12, DIGITS)}-${chance('m c', 24)}`,
  ),
  fileName: canary('in a file name', `gh${'p'}_${chance('file name', 36)}`),
  printed: canary('printed by a test', `npm${'_'}${chance('printed', 36)}`),
};

export const ALL: readonly Canary[] = [
  ...[ENV, NESTED_ENV, ENVIRONMENT, CODE, PEOPLE, ELSEWHERE].flatMap((group) => Object.values<Canary>(group)),
  API_KEY,
  PRIVATE_KEY,
];

const envText = (values: Readonly<Record<string, Canary>>): string =>
  Object.entries(values)
    .map(([name, { value }]) => `${name}=${value}\n`)
    .join('');

const SETTINGS = `// Settings of the shop.
export const aws = { accessKeyId: '${CODE.aws.value}', secretAccessKey: '${CODE.awsSecret.value}' };
export const githubToken = '${CODE.github.value}';
export const fineToken = '${CODE.githubFine.value}';
export const slack = '${CODE.slack.value}';
export const stripe = '${CODE.stripe.value}';
export const openai = '${CODE.openai.value}';
export const anthropic = '${CODE.anthropic.value}';
export const google = '${CODE.google.value}';
export const npm = '${CODE.npm.value}';
export const session = '${CODE.jwt.value}';
export const database = '${CODE.database.value}';
export const headers = { Authorization: 'Basic ${CODE.basic.value}' };
`;

/** In the work tree, and not known to git. */
export const FILES: Readonly<Record<string, string>> = {
  '.env': envText(ENV),
  'services/api/.env.local': envText(NESTED_ENV),
  'src/settings.js': SETTINGS,
  'src/identity.js': `export const key = \`\n${PRIVATE_KEY.value}\n\`;\n`,
  'data/customers.csv': `name,email,phone,iban,card,hetu,ssn\n"Virtanen, Aino",${Object.values(PEOPLE)
    .map(({ value }) => value)
    .join(',')}\n`,
  [`notes/${ELSEWHERE.fileName.value}.md`]: 'A note.\n',
  'tools/leak.mjs': `import fs from 'node:fs';
console.log(JSON.stringify(process.env, null, 1));
for (const file of ['.env', 'src/settings.js', 'src/identity.js', 'data/customers.csv', 'services/api/.env.local'])
  if (fs.existsSync(file)) console.log(fs.readFileSync(file, 'utf8'));
console.error('printed ${ELSEWHERE.printed.value}');
console.log('TAP version 13\\nok 1 - it works\\n1..1');
`,
};

/** Everything that a canary could be written as, so that whoever reads it has it: as it is and in the usual encodings. */
export function formsOf({ core, value }: Canary): string[] {
  const bytes = Buffer.from(core);
  const hex = bytes.toString('hex');
  const shifted = ['', 'x', 'xx'].map((before) => {
    const text = Buffer.concat([Buffer.from(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The letters at both ends are those of the neighbours too.
    return text.slice(before === '' ? 0 : 4, -2);
  });
  const safe = shifted.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const escaped = JSON.stringify(core).slice(1, -1);
  const url = encodeURIComponent(core);
  const wrapped = value.includes('\n') ? [] : [value];
  return [...new Set([core, ...wrapped, escaped, url, hex, hex.toUpperCase(), ...shifted, ...safe])];
}

/** `PLACE: CANARY (FORM)` for every form of a canary in a text. */
export function leaksIn(place: string, bytes: Buffer | string, wanted: readonly Canary[] = ALL): string[] {
  return wanted.flatMap((one) =>
    formsOf(one)
      .filter((form) => bytes.includes(form))
      .map((form) => `${place}: ${one.name} (${form === one.core || form === one.value ? 'as it is' : form})`),
  );
}
