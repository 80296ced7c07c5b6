/** Explanations and approvals as documents. */
import { describe, expect, test } from 'vitest';
import { approvalText } from '../../../src/vscode/approvalText';
import { explainText } from '../../../src/vscode/explainText';
import type { ExplainedCall } from '../../../src/vscode/runs';

const step = (layer: 'built in' | 'managed' | 'chosen', rule: string, matched: boolean, effect = 'deny') => ({
  ...{ layer, source: layer === 'managed' ? '/etc/openexec/policy.yaml' : 'shipped with OpenExec', rule, matched },
  ...{ effect: effect as 'deny', target: '.env', why: matched ? 'Secrets stay.' : 'no path of the rule matches .env' },
});
const EXPLAINED: ExplainedCall = {
  ...{ call: 'c1', tool: 'read_file', input: '{"path":".env\\u202e"}', snapshot: 'abc', omitted: 0 },
  decision: {
    decision: 'deny',
    rule: 'secrets',
    layer: 'managed policy acme (/etc/openexec/policy.yaml)',
    reason: 'Secrets stay.',
  },
  steps: [step('managed', 'secrets', true), step('chosen', 'reads', true, 'allow'), step('chosen', 'ci', false)],
};
const text = explainText(EXPLAINED, { task: 'Mend it', seq: 12 });

describe('an explanation', () => {
  test('says the decision, the rule, whose it is and from which file, and the snapshot', () => {
    expect(text).toMatch(/^# Denied: read_file/);
    expect(text).toContain('- Rule: secrets');
    expect(text).toMatch(/This rule comes from the managed policy.*acme \(\/etc\/openexec\/policy\.yaml\)/);
    expect(text).toContain('- Policy snapshot: abc');
  });

  test('shows the arguments exactly, hidden characters named', () => {
    expect(text).toContain('      "path": ".env⟨U+202E right-to-left override⟩"');
  });

  test('lists every rule that was looked at, under its policy, and marks the one that decided and no other', () => {
    expect(text).toContain('### The managed policy (/etc/openexec/policy.yaml), for .env');
    expect(text).toContain('- secrets (deny): **deny**: Secrets stay. **← this one decided**');
    expect(text).toContain('- reads (allow): **allow**: Secrets stay.\n');
    expect(text).toContain('- ci (deny): does not apply: no path of the rule matches .env');
    expect(text.match(/this one decided/g)).toHaveLength(1);
  });
});

describe('an approval as a document', () => {
  const asked = {
    ...{ approval: 'a', runId: 'r', title: 'write_file', snapshot: 'abc', editable: true },
    detail: JSON.stringify({ path: 'a.ts', content: 'x\u200By\u001B' }),
  };
  const by = { task: 'Mend it', tool: 'write_file', asks: { rule: 'writes', layer: 'built in', reason: 'because' } };

  test('counts what would not be seen, escapes of JSON included, and names each in its place', () => {
    const document = approvalText(asked, by);
    expect(document).toContain('Holds 2 characters that would not be seen');
    expect(document).toContain('    x⟨U+200B zero-width space⟩y⟨U+001B escape⟩');
  });

  test('says which rule asks, and what the answer is bound to', () => {
    const document = approvalText(asked, by);
    expect(document).toContain('- Asked by the rule writes: because');
    expect(document).toContain('- Policy snapshot: abc');
  });

  test('says of a command line that is none why it is not', () => {
    const detail = JSON.stringify({ command: 'ls; rm x' });
    expect(approvalText({ ...asked, detail }, { ...by, tool: 'run_command' })).toContain(
      'This is not one plain command',
    );
  });
});
