/** The kinds of what is found, and the placeholders that stand for it. */

/** Secrets of services, of people, and of this workspace. */
const SECRETS = [
  ...['private-key', 'age-key', 'github-token', 'gitlab-token', 'anthropic-key', 'openai-key', 'aws-key', 'aws-secret'],
  ...['aws-session-token', 'slack-token', 'slack-webhook', 'google-key', 'google-token', 'azure-key', 'azure-secret'],
  ...['npm-token', 'huggingface-token', 'stripe-key', 'jwt', 'url-password', 'discord-token', 'webhook'],
  ...['telegram-token', 'twilio-key', 'sendgrid-key', 'mailgun-key', 'mailchimp-key', 'package-token', 'docker-token'],
  ...['ai-key', 'cloud-token', 'vault-token', 'monitoring-key', 'payment-key', 'saas-token', 'password-hash'],
  ...['password', 'secret', 'bearer-token', 'basic-auth', 'cookie', 'env-value', 'stored-key'],
] as const;

/** What tells who somebody is and could be misused by itself. */
const GRAVE = ['card', 'iban', 'ssn', 'hetu'] as const;

/** What tells who somebody is. */
const PERSONAL = ['email', 'phone', 'name'] as const;

export type Kind = (typeof SECRETS)[number] | (typeof GRAVE)[number] | (typeof PERSONAL)[number];

/** Kinds whose presence makes a text sensitive; an address or a telephone number alone does not. */
export const SENSITIVE_KINDS: ReadonlySet<string> = new Set<string>([...SECRETS, ...GRAVE]);

/** Kinds that say no more than that something was assigned to a name; whatever is more exact has precedence. */
export const VAGUE_KINDS: ReadonlySet<string> = new Set<string>(['password', 'secret', 'cookie', 'bearer-token']);

const ALL = [...SECRETS, ...GRAVE, ...PERSONAL];
const FORM = `«(${ALL.join('|')})(?::(\\d{1,9}))?»`;
const ONE = new RegExp(FORM);

/** True when a text holds a placeholder of any kind, with a number or, as older records have them, without. */
export const holdsPlaceholder = (text: string): boolean => text.includes('«') && ONE.test(text);

export type Placeholder = {
  readonly kind: string;
  /** Null for one without a number. */
  readonly number: number | null;
  readonly start: number;
  readonly end: number;
};

/** The placeholders of a text, in order. */
export function placeholdersOf(text: string): Placeholder[] {
  if (!text.includes('«')) return [];
  return [...text.matchAll(new RegExp(FORM, 'g'))].map((match) => ({
    kind: match[1] ?? '',
    number: match[2] === undefined ? null : Number(match[2]),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** Something found in a text: UTF-16 offsets, `end` exclusive. */
export type Finding = { readonly kind: Kind; readonly start: number; readonly end: number };

/** Told of a finding. */
export type Found = (kind: Kind, start: number, end: number) => void;
