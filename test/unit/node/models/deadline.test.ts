import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watch } from '../../../../src/node/models/shared/deadline';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const limits = { firstTokenMs: 100, stallMs: 10, wholeMs: null };
const never = new AbortController().signal;

describe('the deadline of a request', () => {
  test('is met by a stream of any length that keeps coming', () => {
    const deadline = watch(never, limits);
    for (let i = 0; i < 50; i += 1) {
      deadline.progress(true);
      vi.advanceTimersByTime(9);
    }
    expect(deadline.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(deadline.signal.aborted).toBe(true);
    expect(deadline.reason).toBe('stall');
  });

  test('for the first token is not put off by chunks without one', () => {
    const deadline = watch(never, limits);
    vi.advanceTimersByTime(99);
    deadline.progress(false);
    expect(deadline.reason).toBeNull();
    vi.advanceTimersByTime(1);
    expect(deadline.reason).toBe('first_token');
  });

  test('ends a stream that keeps coming for longer than the whole request may take', () => {
    const deadline = watch(never, { ...limits, wholeMs: 50 });
    for (let i = 0; i < 10; i += 1) {
      deadline.progress(true);
      vi.advanceTimersByTime(5);
    }
    expect(deadline.reason).toBe('whole');
    deadline.end();
  });

  test('keeps its first reason', () => {
    const caller = new AbortController();
    const deadline = watch(caller.signal, limits);
    caller.abort();
    vi.advanceTimersByTime(1000);
    expect(deadline.reason).toBe('cancelled');
  });

  test('leaves no timer and no reason behind when the request has ended', () => {
    const caller = new AbortController();
    const deadline = watch(caller.signal, { ...limits, wholeMs: 50 });
    deadline.end();
    caller.abort();
    expect(vi.getTimerCount()).toBe(0);
    expect(deadline.reason).toBeNull();
  });
});
