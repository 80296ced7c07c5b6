/** What an agent is asked to deliver, in words. */
import type { AgentResult } from '../blueprint/schema';
import { assertNever } from '../kernel/assertNever';

/** What an agent has to deliver, in words; whether it did is checked and not asked. */
export function wantedText(result: AgentResult, canWrite: boolean): string {
  switch (result.type) {
    case 'patch':
      return canWrite
        ? 'A change of the files of the repository, made with your tools. When it is made, reply without a call.'
        : 'A change, as one unified diff with paths from the root of the repository, in one block fenced with ```diff. Give it in your last reply, which makes no call.';
    case 'report': {
      const size = result.min_characters > 1 ? ` of at least ${result.min_characters} characters` : '';
      return `A report${size}. It is the text of your last reply, which makes no call.`;
    }
    case 'verdict':
      return [
        'A verdict. Your last reply, which makes no call, is one JSON object and nothing else, with exactly these members:',
        '',
        '- verdict: "approve" or "reject"',
        '- reasons: a list of texts, the most important first',
        ...Object.entries(result.fields ?? {}).map(([name, field]) => `- ${name}: ${fieldOf(field)}`),
      ].join('\n');
    default:
      return assertNever(result);
  }
}

type VerdictField = NonNullable<Extract<AgentResult, { type: 'verdict' }>['fields']>[string];

const FIELDS = { text: 'a text', number: 'a number', boolean: 'true or false', list: 'a list of texts' } as const;

const fieldOf = (field: VerdictField): string =>
  typeof field === 'string' ? FIELDS[field] : `one of ${field.one_of.map((value) => JSON.stringify(value)).join(', ')}`;
