import { describe, expect, it } from 'vitest';
import { routeTaken } from '../../../src/protocol/graph';

describe('the route that a node was left by', () => {
  it.each([
    ['on_success', 'on_success'],
    ['on_success, 1 of 2', 'on_success'],
    ['on_failure, 3 of 3', 'on_failure'],
    ['on_exhausted', 'on_exhausted'],
    ['on_failure was taken 3 of 3 times: on_exhausted', 'on_exhausted'],
    ['retry 1 of 2', 'retry'],
    ['it seemed best', null],
    ['', null],
  ])('is, out of "%s", %s', (why, route) => {
    expect(routeTaken({ why })).toBe(route);
  });

  it('is the one that the record names, whatever its words say', () => {
    expect(routeTaken({ route: 'on_success', why: 'retry 1 of 2' })).toBe('on_success');
  });
});
