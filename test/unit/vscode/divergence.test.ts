import { expect, test } from 'vitest';
import type { RunEvent } from '../../../src/core/events/schema';
import { sidesOf } from '../../../src/vscode/divergence';

const recorded = {
  v: 1,
  run: 'r1',
  seq: 7,
  type: 'model.responded',
  data: { text: 'done', toolCalls: [{ id: 'c1', name: 'read_file' }], 'a.b': 1 },
  prev: '00',
  hash: 'ff',
} as unknown as RunEvent;

const part = (path: string, was: unknown, is: unknown) => ({ seq: 7, path, recorded: was, replayed: is });
const parsed = (text: string): unknown => JSON.parse(text.replace(/^\/\/.*\n/, ''));

test('the replayed side is the recorded event with what differs in its place, and neither shows the hash', () => {
  const { left, right } = sidesOf(recorded, part('data.text', 'done', 'not done'));
  const { hash: _, ...open } = recorded;
  expect(parsed(left)).toEqual(open);
  expect(parsed(right)).toEqual({ ...open, data: { ...recorded.data, text: 'not done' } });
});

test('both sides say that only the first difference is shown, so that this is no difference itself', () => {
  const { left, right } = sidesOf(recorded, part('data.text', 'done', 'not done'));
  expect(right).toMatch(/^\/\/ .*first difference/);
  expect(left.split('\n')[0]).toBe(right.split('\n')[0]);
});

test('a difference in a list is shown in its place', () => {
  const { right } = sidesOf(recorded, part('data.toolCalls.0.name', 'read_file', 'grep'));
  expect(parsed(right)).toMatchObject({ data: { toolCalls: [{ id: 'c1', name: 'grep' }] } });
});

test('a member that only the replay has is shown as added', () => {
  const { right } = sidesOf(recorded, part('data.stop', null, 'length'));
  expect(parsed(right)).toMatchObject({ data: { text: 'done', stop: 'length' } });
});

test('an event of which only one side has any is shown whole against nothing', () => {
  expect(sidesOf(recorded, part('', recorded, null)).right).toBe('null\n');
  expect(parsed(sidesOf(null, part('', null, recorded)).right)).toMatchObject({ seq: 7, type: 'model.responded' });
});

test('a name with a dot in it, which cannot be followed, leaves the two values alone', () => {
  expect(sidesOf(recorded, part('data.a.b', 1, 2))).toEqual({ left: '1\n', right: '2\n' });
});
