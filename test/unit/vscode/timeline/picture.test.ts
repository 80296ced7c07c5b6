import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../src/core/events/schema';
import { parseYaml } from '../../../../src/core/kernel/yaml';
import { toolsetSchema } from '../../../../src/core/policy/schema';
import { pictureSchema } from '../../../../src/protocol/graph';
import { filePicture, recordedPicture } from '../../../../src/vscode/timeline/picture';
import { finishedRun } from '../../../support/timelineRun';

const coding = parseYaml(readFileSync('policies/toolsets/coding_backend.yaml', 'utf8'), toolsetSchema);
if (!coding.ok) throw new Error('coding_backend.yaml cannot be read');
const toolsets = new Map([['coding_backend', coding.value.value]]);
const facts = { known: { toolsets, providers: ['recorded'] }, priceOf: () => null };
const quickFix = readFileSync('blueprints/quick_fix.yaml', 'utf8');

function started(): RunEvent<'run.started'> {
  const [first] = finishedRun().events;
  if (first?.type !== 'run.started') throw new Error('a run begins with run.started');
  return first;
}

describe('the picture of a recorded blueprint', () => {
  it('has its graph and the bound of then', () => {
    const picture = recordedPicture(started());
    expect(pictureSchema.parse(picture)).toEqual(picture);
    expect(picture).toMatchObject({ graph: { id: 'quick_fix', start: 'context' }, bound: started().data.bound });
  });

  it.each(['{}', 'not JSON', '{"version":9}'])('says in a line that it cannot be drawn: %s', (definition) => {
    const event = started();
    const other = { ...event, data: { ...event.data, blueprint: { ...event.data.blueprint, definition } } };
    const { graph, problems } = recordedPicture(other);
    expect(graph).toBeNull();
    expect(problems).toEqual([expect.stringMatching(/^The blueprint quick_fix of this run .* cannot draw\.$/)]);
  });
});

describe('the picture of a blueprint file', () => {
  it('has its graph and its worst case, and knows where each node stands', () => {
    const { picture, locate } = filePicture(quickFix, 'quick_fix.yaml', facts);
    expect(pictureSchema.parse(picture)).toEqual(picture);
    expect(picture.graph?.title).toBe('Quick fix');
    expect(picture.bound?.modelCalls).toBeGreaterThan(10);
    expect(quickFix.split('\n')[locate(['nodes', 'fix_tests']).line - 1]).toMatch(/^ {2}fix_tests:/);
  });

  it('is drawn although it cannot be proven to end, with the problem at its line', () => {
    const endless = quickFix.replace('on_failure: { to: fix_tests, max: 3 }', 'on_failure: fix_tests');
    const { picture } = filePicture(endless, 'quick_fix.yaml', facts);
    expect(picture.graph?.nodes.length).toBeGreaterThan(9);
    expect(picture.bound).toBeNull();
    expect(picture.problems.join('\n')).toMatch(/^quick_fix\.yaml:\d+:\d+ .*loop/m);
  });

  it('is none for a text that is no blueprint', () => {
    const { picture } = filePicture('nodes: [', 'broken.yaml', facts);
    expect(picture).toMatchObject({ graph: null, bound: null });
    expect(picture.problems[0]).toMatch(/^broken\.yaml:\d+:\d+ /);
  });
});
