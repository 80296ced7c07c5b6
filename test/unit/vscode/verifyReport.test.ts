import { describe, expect, test } from 'vitest';
import type { Finding, VerifyReport } from '../../../src/core/events/verify';
import { reportText, verdictLine } from '../../../src/vscode/verifyReport';

const HEAD = 'ab'.repeat(32);
const sound: VerifyReport = { sound: true, events: 1234, blobs: 1, head: HEAD, findings: [], notChecked: [] };
const finding = (seq: number): Finding => ({ seq, kind: 'prev', expected: `the hash before ${seq}`, found: 'another' });
const about = { runId: 'r1', task: 'Fix it.', at: '2026-01-02T03:04:05.000Z' };

describe('a verdict in one line', () => {
  test('a sound record: how much was checked', () => {
    expect(verdictLine(sound)).toBe('the record is sound: 1,234 events, 1 blob.');
  });

  test('what was not checked is said as loudly, also of a sound record', () => {
    const notChecked = [{ kind: 'external_head', detail: 'no external head: a cut tail cannot be seen' }] as const;
    expect(verdictLine({ ...sound, notChecked })).toBe(
      'the record is sound: 1,234 events, 1 blob. NOT checked: no external head: a cut tail cannot be seen.',
    );
  });

  test('a record that is not sound: the first findings with their places, and how many more there are', () => {
    const line = verdictLine({ ...sound, sound: false, findings: [finding(3), finding(5), finding(8)] });
    expect(line).toContain('NOT sound, 3 findings: event 3: ');
    expect(line).toContain('event 5: ');
    expect(line).not.toContain('event 8');
    expect(line).toContain('and 1 more');
  });

  test('a long finding is cut, and what is wrong with a bundle as a whole names no event', () => {
    const long: Finding = { ...finding(131), kind: 'bundle', found: 'x'.repeat(500) };
    const line = verdictLine({ ...sound, sound: false, findings: [long] });
    expect(line).not.toContain('event');
    expect(line.length).toBeLessThan(220);
  });
});

describe('a whole report', () => {
  test('names the run, its head, every finding with what was expected and found, and everything not checked', () => {
    const findings = Array.from({ length: 20 }, (_, seq) => finding(seq));
    const notChecked = [{ kind: 'signature', detail: 'signatures come with a bundle' }] as const;
    const text = reportText({ ...sound, sound: false, findings, notChecked }, about);
    expect(text).toMatch(/^# The record is NOT sound\n/);
    for (const part of ['r1', 'Fix it.', about.at, HEAD, '- signature: signatures come with a bundle']) {
      expect(text).toContain(part);
    }
    for (const { seq, expected } of findings) {
      expect(text).toContain(`- Event ${seq}: prev\n  - expected: ${expected}\n  - found: another\n`);
    }
  });

  test('says that nothing was found, and that nothing was left out', () => {
    const text = reportText(sound, { ...about, task: '' });
    expect(text).toContain('## Findings\n\nNone.\n');
    expect(text).toContain('## NOT checked\n\nNothing was left out.\n');
    expect(text).not.toContain('Task');
  });
});
