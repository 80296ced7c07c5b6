import { describe, expect, it } from 'vitest';
import { graphOf } from '../../../src/core/blueprint/graph';
import { blueprintSchema } from '../../../src/core/blueprint/schema';
import { exitsOf, fitScale, layoutOf, nextBox } from '../../../webview-ui/src/graph/layout';
import { type Box, course, newPorts } from '../../../webview-ui/src/graph/path';
import { manyNodes } from '../../support/timelineScenes';

const action = { type: 'deterministic', action: 'run_tests' };
const graph = graphOf(
  blueprintSchema.parse({
    ...{ version: 1, id: 'made', title: 'Made', description: '', toolset: 'coding', start: 'check' },
    nodes: {
      check: { ...action, on_success: 'report', on_failure: { to: 'mend', max: 2 }, on_exhausted: 'report' },
      mend: { type: 'agent', goal: 'Mend it.', max_turns: 3, on_success: 'check', on_failure: { to: 'mend', max: 1 } },
      report: { ...action, action: 'diff_report', on_success: 'done', on_failure: 'fail' },
    },
  }),
);

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe.each(['TB', 'LR'] as const)('the layout %s', (direction) => {
  const layout = layoutOf(graph, direction, true);

  it('has a box for each node and each terminal that success leads to, none over another, all inside', () => {
    expect([...layout.boxes.keys()]).toEqual(['check', 'report', 'mend', 'done']);
    const boxes = [...layout.boxes.values()];
    for (const [i, box] of boxes.entries()) {
      for (const other of boxes.slice(i + 1)) expect(overlap(box, other)).toBe(false);
      expect([box.x >= 0, box.y >= 0]).toEqual([true, true]);
      expect([box.x + box.width <= layout.width, box.y + box.height <= layout.height]).toEqual([true, true]);
    }
  });

  it('draws every other route as a line with its arrow: loops, two between the same nodes, one to itself', () => {
    expect(layout.lines.map(({ edge }) => `${edge.from} ${edge.kind} ${edge.to}`)).toEqual([
      'check on_success report',
      'check on_failure mend',
      'check on_exhausted report',
      'report on_success done',
      'mend on_success check',
      'mend on_failure mend',
    ]);
    for (const { path, arrow } of layout.lines) {
      expect(path).toMatch(/^M-?[\d.]+,-?[\d.]+ L[^a-z]+$/);
      expect(arrow.split(' ')).toHaveLength(3);
    }
  });

  it('labels what is counted and what is no success', () => {
    const labelled = layout.lines.filter(({ label }) => label !== null).map(({ edge }) => edge.kind);
    expect(labelled).toEqual(['on_failure', 'on_exhausted', 'on_failure']);
  });

  it('is the same for the same graph', () => {
    expect(layoutOf(graph, direction, true)).toEqual(layout);
  });
});

describe('the layout', () => {
  it('shows failure and exhaustion that end a run as exits of the node', () => {
    expect(exitsOf(graph, 'report').map(({ kind, to }) => [kind, to])).toEqual([
      ['on_failure', 'fail'],
      ['on_exhausted', 'pause'],
    ]);
    expect(exitsOf(graph, 'check')).toEqual([]);
  });

  it('goes from the top down, or from left to right', () => {
    const start = (direction: 'TB' | 'LR') => layoutOf(graph, direction, false).boxes.get('check');
    const end = (direction: 'TB' | 'LR') => layoutOf(graph, direction, false).boxes.get('done');
    expect((end('TB')?.y ?? 0) - (start('TB')?.y ?? 0)).toBeGreaterThan(100);
    expect((end('LR')?.x ?? 0) - (start('LR')?.x ?? 0)).toBeGreaterThan(100);
  });

  it('keeps the course of a hundred nodes in a column that can be scrolled', () => {
    const { boxes, lines, width } = layoutOf(graphOf(manyNodes(100)), 'TB', true);
    expect([boxes.size, lines.length]).toEqual([101, 150]);
    expect(new Set([...boxes].filter(([id]) => id.startsWith('check')).map(([, { x }]) => x)).size).toBe(1);
    expect(width).toBeLessThan(1000);
  });

  it('fits into a window, and never grows above its own size', () => {
    expect(fitScale({ width: 400, height: 1000 }, { width: 400, height: 500 })).toBe(0.5);
    expect(fitScale({ width: 400, height: 100 }, { width: 200, height: 500 })).toBe(0.5);
    expect(fitScale({ width: 40, height: 10 }, { width: 200, height: 500 })).toBe(1);
    expect(fitScale({ width: 40, height: 10 }, { width: 0, height: 0 })).toBe(1);
  });
});

describe('a line', () => {
  const box = (x: number, y: number): Box => ({ x, y, width: 100, height: 50 });
  const upper = { id: 'upper', box: box(0, 0) };
  const lower = { id: 'lower', box: box(200, 100) };

  it('leaves below and enters above, straight', () => {
    const points = course(
      [
        { x: 90, y: 40 },
        { x: 150, y: 75 },
        { x: 210, y: 90 },
      ],
      upper,
      lower,
      newPorts(),
    );
    expect(points.map(({ x, y }) => [x, y])).toEqual([
      [82, 50],
      [82, 58],
      [150, 75],
      [218, 85],
      [218, 100],
    ]);
  });

  it('that comes back enters from below, beside the one that left there', () => {
    const ports = newPorts();
    course(
      [
        { x: 90, y: 40 },
        { x: 150, y: 75 },
        { x: 210, y: 90 },
      ],
      upper,
      lower,
      ports,
    );
    const back = course(
      [
        { x: 210, y: 90 },
        { x: 190, y: 75 },
        { x: 90, y: 40 },
      ],
      lower,
      upper,
      ports,
    );
    expect(back.at(-1)).toEqual({ x: 68, y: 50 });
    expect(back.at(-2)).toEqual({ x: 68, y: 62 });
  });

  it('to the node itself stays as it is', () => {
    const loop = [
      { x: 1, y: 2 },
      { x: 3, y: 4 },
      { x: 5, y: 6 },
    ];
    expect(course(loop, upper, upper, newPorts())).toBe(loop);
  });
});

describe('the arrow keys', () => {
  const boxes = new Map<string, Box>([
    ['a', { x: 0, y: 0, width: 100, height: 50 }],
    ['b', { x: 0, y: 100, width: 100, height: 50 }],
    ['c', { x: 150, y: 100, width: 100, height: 50 }],
    ['d', { x: 0, y: 400, width: 100, height: 50 }],
  ]);

  it('lead to the nearest node in their direction', () => {
    expect(nextBox(boxes, 'a', 'ArrowDown')).toBe('b');
    expect(nextBox(boxes, 'b', 'ArrowRight')).toBe('c');
    expect(nextBox(boxes, 'c', 'ArrowLeft')).toBe('b');
    expect(nextBox(boxes, 'd', 'ArrowUp')).toBe('b');
  });

  it('lead nowhere where nothing is, and other keys mean nothing', () => {
    expect(nextBox(boxes, 'a', 'ArrowUp')).toBeNull();
    expect(nextBox(boxes, 'a', 'Enter')).toBeNull();
    expect(nextBox(boxes, 'nowhere', 'ArrowDown')).toBeNull();
  });
});
