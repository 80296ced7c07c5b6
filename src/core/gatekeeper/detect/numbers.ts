/** Numbers that belong to people: payment cards, telephone numbers, US and Finnish identity numbers, bank accounts. */
import type { Found } from './kinds';
import { isInLicence } from './notices';

/** The check digit of ISO/IEC 7812-1 (H. P. Luhn, US patent 2,950,048). */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = digit * 2;
    sum += i % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Ranges and lengths of the large issuers. */
const CARD =
  /^(?:4\d{15}|5[1-5]\d{14}|2(?:2(?:2[1-9]|[3-9]\d)|[3-6]\d\d|7(?:[01]\d|20))\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12})$/;
const CARD_FORM =
  /\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?![\w-]|\.\d)|3\d{3}([ -])\d{6}\2\d{4,5}(?![\w-]|\.\d)|\d{14,16}(?![\w-]|\.\d)/y;
const SSN = /(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w-]|\.\d)/y;
const PLAIN_SSN = /(?!000|666|9)\d{3}([ ]?)(?!00)\d\d\1(?!0000)\d{4}(?![\w-]|\.\d)/y;
const HETU = /(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(\d\d)([-+A-FU-Ya-fu-y])(\d{3})([0-9A-Ya-y])(?![\w-])/y;
const HETU_CHECKS = '0123456789ABCDEFHJKLMNPRSTUVWXY';
const NATIONAL = /(?:0\d{1,3}[ .-]?|[2-9]\d\d\)?[ .-])\d{2,4}(?:[ .-]?\d{2,4}){1,3}(?![\w-]|\.\d)/y;
const PHONE_WORD =
  /(?:phone|tel|mobile|cell|puh|puhelin|puhelinnumero|gsm|sms|whatsapp|fax|telefon|telephone|téléphone|kännykkä|matkapuhelin|handy|móvil|teléfono|call|contact)(?:[ _-]?(?:number|numero|no|nr|nro))?[\s:="'#.()/-]{0,8}(?:is |me at |us at |at |on |to |no |number |on numero )?[\s:="'#.(-]{0,3}$/i;

/** Looks at the digit at `at`, before which neither letter nor digit stands. */
export function numberAt(text: string, at: number, found: Found): number {
  const previous = text[at - 1] ?? ' ';
  // A part of a fraction, a version, an address, a path or a hexadecimal number is no number by itself.
  if (/[.\w#$@%-]/.test(previous) && !(previous === '-' && /\s/.test(text[at - 2] ?? ' '))) return at;
  for (const look of [hetu, ssn, card, national]) {
    const end = look(text, at, found);
    if (end > at) return end;
  }
  return at;
}

function hetu(text: string, at: number, found: Found): number {
  HETU.lastIndex = at;
  const match = HETU.exec(text);
  if (match === null) return at;
  const [all, day = '', month = '', year = '', , number = '', check = ''] = match;
  if (HETU_CHECKS[Number(`${day}${month}${year}${number}`) % 31] !== check.toUpperCase()) return at;
  if (Number(number) < 2) return at;
  found('hetu', at, at + all.length);
  return at + all.length;
}

const before = (text: string, at: number, length: number): string => text.slice(Math.max(0, at - length), at);

function ssn(text: string, at: number, found: Found): number {
  if (previousIs(text, at, '/-')) return at;
  const spoken = /ssn|social[ -]security|\bss#/i.test(before(text, at, 40));
  const form = spoken ? PLAIN_SSN : SSN;
  for (const pattern of spoken ? [SSN, form] : [form]) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) continue;
    found('ssn', at, at + match[0].length);
    return at + match[0].length;
  }
  return at;
}

const previousIs = (text: string, at: number, signs: string): boolean => at > 0 && signs.includes(text[at - 1] ?? '');

const CARD_WORD = /card|credit|debit|visa|amex|express|diners|discover|jcb|payment|\bpan\b|\bcc\b|kortti/i;

function card(text: string, at: number, found: Found): number {
  CARD_FORM.lastIndex = at;
  const match = CARD_FORM.exec(text);
  if (match === null) return at;
  const digits = match[0].replace(/\D/g, '');
  if (!CARD.test(digits) || !isLuhn(digits) || /^(\d)\1+$/.test(digits)) return at;
  const bare = digits.length === match[0].length;
  // One number of ten has a fitting check digit by chance, so that what is called an id stays.
  if (
    bare &&
    (previousIs(text, at, '/=_') ||
      /(?:id|ts|time|timestamp|hash|seq|snowflake|sku|isbn|ean|offset|size)["'\]]?\s*[:=]\s*["']?$/i.test(
        before(text, at, 24),
      ))
  )
    return at;
  if (bare && !/^[45]\d{15}$/.test(digits) && !CARD_WORD.test(before(text, at, 60))) return at;
  // One of many groups of digits is part of a table.
  if (
    !bare &&
    (/\d[ \n-]$/.test(before(text, at, 2)) ||
      /^[ \n-]\d/.test(text.slice(at + match[0].length, at + match[0].length + 2)))
  )
    return at;
  found('card', at, at + match[0].length);
  return at + match[0].length;
}

function national(text: string, at: number, found: Found): number {
  NATIONAL.lastIndex = at;
  const match = NATIONAL.exec(text);
  if (match === null) return at;
  const digits = match[0].replace(/\D/g, '');
  const opened = previousIs(text, at, '(');
  if (digits.length < 7 || digits.length > 12) return at;
  if (/^\d{4}-\d\d-\d\d/.test(match[0]) || /^\d+\.\d+(?:\.\d+)*$/.test(match[0])) return at;
  if (!PHONE_WORD.test(before(text, opened ? at - 1 : at, 40))) return at;
  if (isInLicence(text, at)) return at;
  found('phone', at, at + match[0].length);
  return at + match[0].length;
}

const INTERNATIONAL = /\+[1-9]\d{0,2}(?:[ .-]?\(\d{1,4}\)[ .-]?|[ .-]?)\d{1,4}(?:[ .-]?\d{2,4}){1,5}(?![\w+]|[.-]\d)/y;
/** US and Canadian: `(555) 123-4567`. */
const BRACKETED = /\([2-9]\d\d\)[ ]?\d{3}[ -]\d{4}(?![\w-]|\.\d)/y;
const CODES =
  /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-9]\d|3[578]\d|42[0-3]|5[09]\d|6[789]\d|8[058]\d|9[679]\d)/;

/** Looks at the `+` at `at`. */
export function phoneAt(text: string, at: number, found: Found): void {
  const previous = text[at - 1] ?? '\n';
  if (/[\w)\]}+.%/\\$-]/.test(previous) && !/\\[nt]$/.test(before(text, at, 2))) return;
  INTERNATIONAL.lastIndex = at;
  const match = INTERNATIONAL.exec(text)?.[0];
  if (match === undefined) return;
  const digits = match.replace(/\D/g, '');
  if (digits.length < 9 || digits.length > 15 || !CODES.test(digits)) return;
  // At the beginning of a line the sign may be that of a diff.
  if (previous === '\n' && digits.length === match.length - 1 && !/^\+(?:358|1\d{10}$|4[469]|33|3[149])/.test(match))
    return;
  if (/^\+(?:2147483647|1234567890?)$/.test(match) || isInLicence(text, at)) return;
  if (/^\+\d+\.\d+$/.test(match) || /^(\d)\1+$/.test(digits)) return;
  found('phone', at, at + match.length);
}

/** Looks at the `(` at `at`. */
export function bracketedPhoneAt(text: string, at: number, found: Found): void {
  if (/[\w)]/.test(text[at - 1] ?? ' ')) return;
  BRACKETED.lastIndex = at;
  const match = BRACKETED.exec(text)?.[0];
  if (match !== undefined && !isInLicence(text, at)) found('phone', at, at + match.length);
}

/** Lengths by country, of the registry of ISO 13616. */
const LENGTHS: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 ' +
    'GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 MC27 MD24 ' +
    'ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 ' +
    'TR26 UA29 VA22 VG24 XK20'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);
const IBAN = /[A-Z]{2}\d\d(?:[A-Z0-9]{11,30}|(?:[ -][A-Z0-9]{4}){2,7}(?:[ -][A-Z0-9]{1,3})?)/y;

/** Looks at the capital at `at`, before which neither letter nor digit stands; gives the end of the account, or `at`. */
export function ibanAt(text: string, at: number, found: Found): number {
  IBAN.lastIndex = at;
  const match = IBAN.exec(text)?.[0];
  if (match === undefined) return at;
  const wanted = LENGTHS[match.slice(0, 2)] ?? 0;
  let end = 0;
  for (let count = 0; end < match.length && count < wanted; end++) if (!' -'.includes(match[end] ?? '')) count++;
  const account = match.slice(0, end).replace(/[ -]/g, '');
  if (account.length !== wanted || wanted === 0 || /[A-Za-z0-9]/.test(text[at + end] ?? ' ') || !isMod97(account))
    return at;
  found('iban', at, at + end);
  return at + end;
}

/** The check of ISO 13616: the account, rearranged and read as a number, leaves 1 when divided by 97 (ISO 7064). */
function isMod97(account: string): boolean {
  let rest = 0;
  for (const char of account.slice(4) + account.slice(0, 4)) {
    const value = Number.parseInt(char, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
