import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../../src/core/policy/evaluate';
import { explain } from '../../../../src/core/policy/explain';
import { anyRequest, anySnapshot, at, fetches, layerOf, read, rule, runs, snapshotOf } from './snapshots';

describe('an explanation', () => {
  it('is of the very decision, and what decided is among its steps', () => {
    fc.assert(
      fc.property(anySnapshot, anyRequest, (snapshot, request) => {
        const { decision, steps, omitted } = explain(snapshot, request);
        expect(decision).toEqual(decide(snapshot, request));
        expect(omitted).toBe(0);
        if (decision.rule === 'default-deny') return;
        const deciding = steps.filter((step) => step.matched && step.rule === decision.rule);
        expect(deciding.map(({ effect }) => effect)).toContain(decision.decision);
      }),
      { numRuns: 500 },
    );
  });

  it('tells every rule of every layer, which of them matched, and why the others did not', () => {
    const snapshot = snapshotOf(
      [
        rule('allow', { id: 'reads' }),
        rule('deny', { id: 'writes', capabilities: ['repo_write'] }),
        rule('deny', { id: 'others', tools: ['search'] }),
      ],
      {
        layers: [
          layerOf('managed', [rule('allow', { id: 'company' }), rule('deny', { id: 'pay', paths: ['pay/**'] })]),
          layerOf('workspace', [rule('allow', { id: 'please' }), rule('ask', { id: 'notes', paths: ['notes/**'] })]),
        ],
      },
    );
    const { decision, steps } = explain(snapshot, read('notes/a.md'));
    expect(decision).toMatchObject({
      decision: 'ask',
      rule: 'notes',
      layer: 'workspace policy workspace (/workspace.yaml)',
    });
    const builtIn = steps.filter(({ layer }) => layer === 'built in');
    expect(builtIn.every(({ matched, why }) => !matched && why === 'nothing stands against it')).toBe(true);
    expect(steps.filter(({ layer }) => layer !== 'built in')).toEqual([
      { ...step('managed', '/managed.yaml', 'company', 'allow'), matched: true, why: 'because' },
      { ...step('managed', '/managed.yaml', 'pay', 'deny'), why: 'no path of the rule matches notes/a.md' },
      { ...step('chosen', 'a test', 'reads', 'allow'), matched: true, why: 'because' },
      { ...step('chosen', 'a test', 'writes', 'deny'), why: 'the rule is not about repo_read' },
      { ...step('chosen', 'a test', 'others', 'deny'), why: 'the rule is not about read_file' },
      {
        ...step('workspace', '/workspace.yaml', 'please', 'allow'),
        why: 'this layer only tightens; what it would allow says nothing',
      },
      { ...step('workspace', '/workspace.yaml', 'notes', 'ask'), matched: true, why: 'because' },
    ]);
  });

  const step = (layer: string, source: string, name: string, effect: string) => ({
    ...{ layer, source, rule: name, effect },
    ...{ target: 'notes/a.md', matched: false },
  });

  it('stops at what no policy can allow', () => {
    const { steps } = explain(snapshotOf([rule('allow')]), { ...read(), tool: 'read_all' });
    expect(steps).toEqual([
      {
        layer: 'built in',
        source: 'OpenExec',
        rule: 'toolset',
        effect: 'deny',
        target: null,
        matched: true,
        why: 'read_all is not in the toolset t of this run',
      },
    ]);
  });

  it('says so of commands, hosts, paths that are not named, and hard links', () => {
    const network = { capabilities: ['network', 'exec_other', 'repo_read'] };
    const snapshot = snapshotOf([
      rule('deny', { ...network, id: 'words', commands: ['git push'] }),
      rule('allow', { ...network, id: 'host', hosts: ['a.example.org'] }),
      rule('deny', { ...network, id: 'path', paths: ['x'] }),
    ]);
    const why = (request: Parameters<typeof explain>[1]) =>
      explain(snapshot, request)
        .steps.filter(({ layer }) => layer === 'chosen')
        .map((one) => one.why);
    expect(why(runs('git pull'))).toEqual([
      'the rule is about other commands',
      'the rule is about hosts, and this names none',
      'the rule is about paths, and this names none',
    ]);
    expect(why(fetches('https://b.example.org/'))[1]).toBe('the rule names no such host');
    const linked = explain(snapshot, { ...read(), paths: [at('a', { links: 3 })] }).steps.at(-1);
    expect(linked).toMatchObject({ rule: 'hard-link', effect: 'ask', matched: true, target: 'a' });
    expect(linked?.why).toMatch(/^a: the file has 3 names/);
  });

  it('is cut at a thousand steps, and says how many are left out', () => {
    const { steps, omitted } = explain(
      snapshotOf([rule('allow')]),
      read(...Array.from({ length: 1200 }, (_, i) => `f${i}`)),
    );
    expect([steps.length, omitted]).toEqual([1000, 205]);
  });
});
