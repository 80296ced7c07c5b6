/**
 * Redaction of JSON text, as a model writes the arguments of a call. In the text a line break is the two letters `\\n` and
 * any letter can be written as `\\u0067`: what looks for tokens would not see those, so the values are looked at.
 */
import { wellFormed } from '../kernel/json';
import { redact } from './redact';

/**
 * The text with the secrets in its strings and in itself replaced; text that holds none is given back as it is, so that
 * redacting twice is redacting once. What is not JSON, or nested deeper than can be looked at, is redacted as it stands and
 * with its escapes undone. Text that has to be written anew is indented by `indent`.
 */
export function redactJson(text: string, indent = 0): string {
  const plain = redact(text).text;
  const found = { any: false };
  try {
    const cleared = clear(JSON.parse(text), found);
    return found.any ? redact(JSON.stringify(cleared, null, indent)).text : plain;
  } catch {
    const undone = unescaped(text);
    const looked = redact(undone).text;
    return looked === undone ? plain : looked;
  }
}

function clear(value: unknown, found: { any: boolean }): unknown {
  if (typeof value === 'string') {
    const { text, counts } = redact(wellFormed(value));
    if (Object.keys(counts).length === 0) return value;
    found.any = true;
    return text;
  }
  if (Array.isArray(value)) return value.map((item) => clear(item, found));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [String(clear(key, found)), clear(member, found)]),
  );
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function unescaped(text: string): string {
  const undone = text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_all, code?: string, char?: string) =>
    code === undefined ? (ESCAPES[char ?? ''] ?? char ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  );
  return wellFormed(undone);
}
