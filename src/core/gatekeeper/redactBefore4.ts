/**
 * Redaction as engines before 4 did it. Records of theirs replay through this, so that it does not change any more.
 */
import type { Redaction } from './redact';

type Detector = {
  readonly kind: string;
  readonly pattern: RegExp;
  /** A text in which the pattern finds anything holds one of these: one without any is passed over, as most texts are. */
  readonly marks: readonly string[];
  readonly isSecret?: (found: string) => boolean;
};

/**
 * Each token begins where no letter or digit stands before it and takes in every character that could still be part of
 * one. Hence what is left over neither begins nor ends anew once a neighbour was replaced, and redacting twice is
 * redacting once. Repetitions that something must follow are bounded, so that no text makes them quadratic.
 */
const DETECTORS: readonly Detector[] = [
  {
    kind: 'private-key',
    marks: ['-----BEGIN '],
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  },
  {
    kind: 'github-token',
    marks: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    pattern: /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22})[\w-]*/g,
  },
  { kind: 'anthropic-key', marks: ['sk-ant-'], pattern: /(?<![A-Za-z0-9])sk-ant-[\w-]{20,}/g, isSecret: looksRandom },
  { kind: 'openai-key', marks: ['sk-'], pattern: /(?<![A-Za-z0-9])sk-[\w-]{20,}/g, isSecret: looksRandom },
  { kind: 'aws-key', marks: ['AKIA', 'ASIA'], pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g },
  { kind: 'slack-token', marks: ['xox'], pattern: /(?<![A-Za-z0-9])xox[abeoprs]-[A-Za-z0-9-]{10}[\w-]*/g },
  { kind: 'google-key', marks: ['AIza'], pattern: /(?<![A-Za-z0-9])AIza[\w-]{35,}/g },
  { kind: 'npm-token', marks: ['npm_'], pattern: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}[\w-]*/g },
  { kind: 'gitlab-token', marks: ['glpat-'], pattern: /(?<![A-Za-z0-9])glpat-[\w-]{20,}/g },
  { kind: 'huggingface-token', marks: ['hf_'], pattern: /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30}[\w-]*/g },
  { kind: 'stripe-key', marks: ['k_live_'], pattern: /(?<![A-Za-z0-9])[sr]k_live_[A-Za-z0-9]{16}[\w-]*/g },
  { kind: 'jwt', marks: ['.eyJ'], pattern: /(?<![A-Za-z0-9])eyJ[\w-]{10,300}\.eyJ[\w-]{10,8000}\.[\w-]{10,}/g },
  {
    kind: 'url-password',
    marks: ['://'],
    pattern: /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{0,100}:)[^\s/@«]{3,500}(?=@)/gi,
  },
];

/** Words joined by dashes (`sk-fading-circle-spinner`) are no key: a key has a long run that digits are part of. */
function looksRandom(found: string): boolean {
  return (found.match(/[A-Za-z0-9]{16,}/g) ?? []).some((run) => /[0-9]/.test(run));
}

function holdsAny(text: string, marks: readonly string[]): boolean {
  for (const mark of marks) if (text.includes(mark)) return true;
  return false;
}

/** The text with every detected secret replaced by `«kind»`, and how many of each kind there were. */
export function redactBefore4(text: string): Redaction {
  const counts: Record<string, number> = {};
  let result = text;
  for (const { kind, pattern, marks, isSecret } of DETECTORS) {
    if (!holdsAny(result, marks)) continue;
    result = result.replace(pattern, (found) => {
      if (isSecret && !isSecret(found)) return found;
      counts[kind] = (counts[kind] ?? 0) + 1;
      return `«${kind}»`;
    });
  }
  return { text: result, counts };
}

/** The same with as many lines as before, so that a line's number still says where it stands in the file. */
export function redactLinesBefore4(text: string): string {
  let result = text;
  for (const { pattern, kind, isSecret } of DETECTORS) {
    result = result.replace(pattern, (found) =>
      isSecret && !isSecret(found) ? found : `«${kind}»${'\n'.repeat(found.split('\n').length - 1)}`,
    );
  }
  return result;
}

const PLACEHOLDER = new RegExp(`«(?:${DETECTORS.map((d) => d.kind).join('|')})»`);

/** True when a text holds a placeholder: such a text is never written over a file. */
export const holdsPlaceholderBefore4 = (text: string): boolean => PLACEHOLDER.test(text);
