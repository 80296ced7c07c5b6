/**
 * Redaction: what looks like a secret never reaches the record or a model. Plain patterns of well-known token formats;
 * applying it twice changes nothing more.
 */
export type Redaction = { readonly text: string; readonly counts: Readonly<Record<string, number>> };

type Detector = { readonly kind: string; readonly pattern: RegExp };

const DETECTORS: readonly Detector[] = [
  {
    kind: 'private-key',
    pattern: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g,
  },
  { kind: 'github-token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})\b/g },
  { kind: 'anthropic-key', pattern: /\bsk-ant-[A-Za-z0-9_-]{20,}/g },
  { kind: 'openai-key', pattern: /\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,}/g },
  { kind: 'aws-key', pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { kind: 'slack-token', pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g },
  { kind: 'google-key', pattern: /\bAIza[A-Za-z0-9_-]{35}/g },
  { kind: 'npm-token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { kind: 'jwt', pattern: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g },
  { kind: 'url-password', pattern: /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{1,100}:)[^\s:/@«]{3,100}(?=@)/g },
];

/** The text with every detected secret replaced by `«kind»`, and how many of each kind there were. */
export function redact(text: string): Redaction {
  const counts: Record<string, number> = {};
  let result = text;
  for (const { kind, pattern } of DETECTORS) {
    result = result.replace(pattern, () => {
      counts[kind] = (counts[kind] ?? 0) + 1;
      return `«${kind}»`;
    });
  }
  return { text: result, counts };
}

const PLACEHOLDER = new RegExp(`«(?:${DETECTORS.map((d) => d.kind).join('|')})»`);

/** True when a text holds a placeholder: such a text is never written over a file. */
export const holdsPlaceholder = (text: string): boolean => PLACEHOLDER.test(text);
