/** The report: for a person with nothing but a browser, whatever a model, a repository or a file name says. */

import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EventBody, RunEvent } from '../../../../src/core/events/schema';
import { groups, html } from '../../../../src/core/evidence/report/html';
import { REPORT_VERSION, reporter } from '../../../../src/core/evidence/report/report';
import { sha256 } from '../../../../src/node/system/sha256';
import {
  chain,
  charged,
  decided,
  fileChanged,
  finished,
  nodeStarted,
  origin,
  toolFinished,
  toolRequested,
} from '../../../support/eventChain';
import { RECORDED, recordedEvents } from '../../../support/goldenStore';
import { part, sent } from '../../../support/ledgerEntries';

function reportOf(events: readonly RunEvent[], blobText: (sha256: string) => string | null = () => null): string {
  const report = reporter(blobText);
  for (const event of events) report.take(event);
  return [...report.write()].join('');
}

const of = (...bodies: EventBody[]): string => reportOf(chain('r', bodies));

const recordedBlob = (blob: string): string =>
  fs.readFileSync(path.join(RECORDED, 'v1/blobs', blob.slice(0, 2), blob), 'utf8');

/** The text of a section, without its tags. */
function section(report: string, id: string): string {
  const from = report.indexOf(`<section id="${id}">`);
  expect(from).toBeGreaterThan(0);
  return report
    .slice(from, report.indexOf('</section>', from))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

describe('the report of the recorded run', () => {
  const report = reportOf(recordedEvents('v1'), recordedBlob);

  it('stays what it is as long as its version does', () => {
    // When this fails on purpose, raise REPORT_VERSION: a bundle made before must not look like a forged one.
    expect({ version: REPORT_VERSION, sha256: sha256(report) }).toEqual({
      version: 2,
      sha256: '5135ff4e7ee7d8880b68f765017216e6db7f396bbe2c4319ddd91652919a817c',
    });
  });

  it('has no script, loads nothing, and forbids both', () => {
    expect(report).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    );
    expect(report).not.toMatch(
      /<(script|img|iframe|object|embed|link|form|base|svg)\b|\son\w+=|javascript:|url\(|@import/i,
    );
    expect([...report.matchAll(/href="([^"]*)"/g)].every(([, to]) => to?.startsWith('#'))).toBe(true);
  });

  it.each([
    ['approvals', /Approve the change Answer approved by command line \(--approve all\)/],
    ['approvals', /diff --git a\/src\/allocate\.js/],
    ['approvals', /the same tree as in the approval approve\.1.*Exactly this was asked: \{&quot;message&quot;/],
    ['plan', /Sensitivity medium .* Reasons .*rules alone/],
    ['nodes', /41 lint 1 deterministic run_lint failure fix_lint \(on_failure, 1 of 2\) exit code 1/],
    ['files', /src\/allocate\.js 21a04887c3973b30[0-9a-f]+ 201effaeba57d7f4[0-9a-f]+ Each change/],
    ['refused', /17 decisions: 15 allowed, 1 had to be asked, 1 denied\./],
    ['refused', /26 implement read_file config\/production\.env repo_read deny secrets-never-read \(policy standard\)/],
    ['models', /12 implement 1 recorded:sample this machine \(recorded\) 37,093 ≈ 9,274 ≈ 42/],
    ['egress', /this machine \(recorded\) 9 192,256/],
    ['egress', /tool definitions: 2,959 bytes, nothing redacted, 9603951561d3/],
    ['context', /config\/production\.env secrets-never-read/],
    ['commands', /42 lint run_project_command lint: \[&quot;node&quot;,&quot;tools\/lint\.mjs&quot;\] 1 not confined/],
    ['calls', /124 commit the blueprint git_commit/],
    ['artifacts', /7 context context \(context, text\/markdown\).*blobs\/9f677fb5/],
    ['policy', /39a602e1fa7a3f3c.*secrets-never-read deny repo_read, repo_write.*What no rule allows is denied/],
    ['blueprint', /77bd419f40610ad5.*fix_lint \(at most 2 times\)/],
    ['versions', /OpenExec 0\.1\.0/],
    ['head', /Events 131 Hash of the last event 1c16a8d599dda0cd/],
  ])('tells in %s what is to be told: %s', (id, words) => {
    expect(section(report, id)).toMatch(words);
  });

  it('says aloud what it does not prove, before anything else is told', () => {
    const place = report.indexOf('What this report does not prove');
    expect(place).toBeGreaterThan(0);
    expect(place).toBeLessThan(report.indexOf('id="approvals"'));
    expect(report).toMatch(/It does not show that the run complied with any law/);
  });
});

describe('the files that were sent', () => {
  it('are named with their lines, where the record knows them', () => {
    const files = [
      { path: 'src/<a>.js', lines: [3, 9] as [number, number] },
      { path: 'b.md', lines: null },
    ];
    const report = of(origin(), sent([part('user message', 10, { files }), part('system message', 5)]));
    expect(section(report, 'egress')).toMatch(/user message: 10 bytes.*; shows src\/&lt;a&gt;\.js lines 3–9, b\.md/);
  });
});

describe('hostile text in a report', () => {
  const EVIL = `</pre><script>alert(1)</script><img src=x onerror="alert('2')">`;
  const events = (): string =>
    of(
      origin(EVIL),
      nodeStarted(EVIL),
      toolRequested('c1', JSON.stringify({ command: EVIL })),
      decided('c1', 'deny'),
      toolFinished('c1', EVIL),
      {
        type: 'approval.requested',
        data: { approval: 'a1', call: null, title: EVIL, detail: EVIL, snapshot: sha256('x') },
      },
      { type: 'approval.resolved', data: { approval: 'a1', verdict: 'rejected', by: EVIL, reason: EVIL } },
      fileChanged(EVIL, 'a', 'b'),
      { type: 'run.cancelled', data: { by: EVIL } },
    );

  it('is shown and does nothing', () => {
    const report = events();
    expect(report).not.toMatch(/<script|<img|onerror="/);
    expect(report.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(6);
    expect(report).toContain('onerror=&quot;alert(&#39;2&#39;)&quot;');
  });

  it.each([
    ['a direction override', '\u202e', '202e'],
    ['a direction isolate', '\u2066', '2066'],
    ['a zero-width space', '\u200b', '200b'],
    ['a zero-width joiner', '\u200d', '200d'],
    ['a byte order mark', '\ufeff', 'feff'],
    ['a soft hyphen', '\u00ad', 'ad'],
    ['a no-break space', '\u00a0', 'a0'],
    ['a line separator', '\u2028', '2028'],
    ['an escape', '\u001b', '1b'],
    ['a null', '\u0000', '0'],
    ['a carriage return', '\r', 'd'],
    ['a C1 control', '\u009b', '9b'],
    ['a tag character', '\u{e0041}', 'e0041'],
    ['a variation selector', '\ufe0f', 'fe0f'],
    ['a Hangul filler', '\u3164', '3164'],
    ['a private character', '\ue000', 'e000'],
  ])('%s is shown as its code point', (_what, char, point) => {
    const report = of(origin(`a${char}b`), finished);
    expect(report).toContain(`a<span class="odd">\\u{${point}}</span>b`);
    expect(report).not.toContain(char);
  });

  it('leaves the letters of every script as they are', () => {
    const text = 'Grüße, שלום, 日本語, emoji 🎉, e\u0301';
    expect(of(origin(text), finished)).toContain(text);
  });
});

describe('what a report says of what it does not know', () => {
  it('calls a cost that is not known so, and never 0', () => {
    const report = of(origin(), charged(1, 10, null), finished);
    expect(report).toMatch(/1 call, 10 tokens, not known/);
    expect(of(origin(), charged(1, 10, 0.25), finished)).toMatch(/10 tokens, \$0\.25/);
  });

  it('tells of a model that never answered, a call without an outcome and a step without an end', () => {
    const report = of(
      origin(),
      nodeStarted('implement'),
      {
        type: 'model.requested',
        node: 'implement',
        data: {
          turn: 1,
          retry: 0,
          delayMs: 0,
          provider: 'p',
          model: 'm',
          conversation: { parent: sha256('a'), added: [], hash: sha256('b') },
          tools: [],
          signature: sha256('c'),
        },
      },
      toolRequested('c1'),
      { type: 'run.interrupted', data: { reason: 'the process is gone', inDoubt: 'c1' } },
      {
        type: 'run.resumed',
        data: { by: 'mara', inDoubt: { kind: 'call', id: 'c1', decision: 'repeat' }, tree: 't0', openexec: '0.2.0' },
      },
    );
    expect(section(report, 'models')).toMatch(/p:m not recorded not known.*no reply is recorded/);
    expect(section(report, 'calls')).toMatch(/no outcome is recorded/);
    expect(section(report, 'nodes')).toMatch(/no end is recorded/);
    expect(section(report, 'course')).toMatch(/the process is gone; whether c1 took effect is not known/);
    expect(section(report, 'course')).toMatch(/by mara, with OpenExec 0\.2\.0; call c1.*to be done again/);
    expect(section(report, 'versions')).toMatch(/resumed with 0\.2\.0/);
  });

  it('shows what a person changed a call into, beside what was asked', () => {
    const detail = '{"path":"a"}';
    const asked = { approval: 'c1', call: 'c1', title: 'write_file', detail, snapshot: sha256('{}'), editable: true };
    const answer = {
      approval: 'c1',
      verdict: 'approved',
      by: 'Ada',
      reason: 'rather so',
      edited: '{"path":"b"}',
    } as const;
    const report = of(
      origin(),
      nodeStarted('implement'),
      toolRequested('c1', detail),
      decided('c1', 'ask'),
      { type: 'approval.requested', node: 'implement', data: asked },
      { type: 'approval.resolved', node: 'implement', data: answer },
    );
    const approvals = section(report, 'approvals');
    expect(approvals).toContain('Exactly this was asked: {&quot;path&quot;:&quot;a&quot;}');
    expect(approvals).toContain('It was changed to this, and done only so: {&quot;path&quot;:&quot;b&quot;}');
  });

  it('tells of an agent that went round in circles, and in which step', () => {
    const data = { kind: 'same call', calls: 3, detail: 'read_file {"path":"a"} was called 3 times' } as const;
    const report = of(origin(), nodeStarted('implement'), { type: 'loop.detected', node: 'implement', data });
    expect(section(report, 'course')).toContain('implement: same call: read_file');
  });

  it('tells that old results were shortened, and what that left', () => {
    const calls = [{ call: 'implement.1.1.1', before: 900, after: 273 }];
    const data = { calls, before: 4000, after: 3373, hash: 'a'.repeat(64) };
    const report = of(origin(), nodeStarted('implement'), { type: 'conversation.shortened', node: 'implement', data });
    expect(section(report, 'course')).toContain('implement: 1 old tool result; 3373 bytes left of 4000');
  });

  it('tells what a run could cost and what each step asks for, where that was recorded', () => {
    const first = origin();
    if (first.type !== 'run.started') throw new Error('not a start');
    const work = { type: 'agent', goal: 'Do it', max_turns: 1, on_success: 'done' };
    const more = { approval: true, toolset: 'read_only', max_tokens: 70_000, result: { type: 'verdict' } };
    const definition = JSON.stringify({
      ...{ version: 1, id: 'mine', title: 'Mine', description: '', toolset: 'coding', start: 'work' },
      nodes: { work: { ...work, ...more }, plain: work },
    });
    const { data } = first;
    const bound = { ...data.bound, costUsd: null };
    const started = {
      ...data,
      blueprint: { ...data.blueprint, definition },
      bound,
      budget: { ...data.budget, costUsd: 0.5 },
    };
    const told = section(of({ type: 'run.started', data: started }), 'blueprint');
    expect(told).toContain('1 minute, not known');
    expect(told).toContain('1 minute, $0.5');
    expect(told).toContain(
      'work: a person is asked before it begins; tools of read_only only; at most 70000 tokens; ends with a verdict, which is checked',
    );
    expect(told).not.toContain('plain: ');
  });

  it('shows policy and blueprint of a form that it does not know as their text', () => {
    const report = of(origin(), finished);
    expect(section(report, 'policy')).toMatch(/\{\}/);
    expect(section(report, 'blueprint')).toMatch(/\{\}/);
  });
});

describe('the length of a report', () => {
  it('cuts a long text, and says what was cut and where the whole is', () => {
    const long = 'x'.repeat(1_000_000);
    const ref = { blob: sha256(long), bytes: long.length, media: 'text/plain' };
    const report = reportOf(chain('r', [origin(ref), finished]), (blob) => (blob === ref.blob ? long : null));
    expect(report.length).toBeLessThan(60_000);
    expect(report).toMatch(
      /Cut here: 20,000 of 1,000,000 bytes are shown; the whole text is in <code>blobs\/[0-9a-f]{64}</,
    );
    expect(reportOf(chain('r', [origin(ref), finished]))).toMatch(/Not text; the bytes are in <code>blobs/);
  });

  it('stays within bounds however many events there are, and counts those that it leaves out', () => {
    const bodies = Array.from({ length: 1200 }, (_, i): EventBody[] => [
      {
        type: 'approval.requested',
        data: { approval: `a${i}`, call: null, title: 't', detail: 'y'.repeat(8000), snapshot: sha256('x') },
      },
    ]).flat();
    const report = of(origin(), ...bodies, finished);
    expect(report.length).toBeLessThan(6_000_000);
    expect(section(report, 'approvals')).toMatch(/200 more are not shown here; all are in journal\.jsonl/);
    expect(section(report, 'approvals')).toMatch(/Cut here: 200 of 8,000 bytes/);
  });
});

describe('the parts of a report', () => {
  it('writes numbers the same everywhere', () => {
    expect([0, 999, 1000, 1234567, 0.000125, 1234.5].map(groups)).toEqual([
      '0',
      '999',
      '1,000',
      '1,234,567',
      '0.000125',
      '1,234.5',
    ]);
  });

  it('escapes what is put into HTML, and not what is HTML already', () => {
    expect(html`<b>${'<&>'}</b>${[html`<i>${1000}</i>`, html`${"'"}`]}`.html).toBe(
      '<b>&lt;&amp;&gt;</b><i>1,000</i>&#39;',
    );
  });

  it('refuses to tell of a run that has no events', () => {
    expect(() => [...reporter(() => null).write()]).toThrow(expect.objectContaining({ code: 'internal' }));
  });
});
