/** Where in the person's files a denied call would have acted. Pure. */
import path from 'node:path';
import type { PathFact } from '../../core/events/parts';
import { parseCall } from '../../core/tools/contracts';
import type { ExplainedCall } from '../runs';
import type { Denial } from './denials';

/** A place in a file: a line, counted from 0, or that where a text stands; else the first one. */
export type Place = { readonly file: string; readonly line: number; readonly text: string | null };

/**
 * The files that a call was denied for, below the root of the run's repository: those that the deciding rule was matched
 * with, else all that the call named. A path that leads out of the root is nobody's to mark.
 */
export function placesOf(denial: Denial, explained: ExplainedCall | null, root: string): Place[] {
  const denied = deniedPaths(denial, explained);
  return denied.flatMap(({ asked }): Place[] => {
    const file = asked.includes('\0') ? null : path.resolve(root, asked);
    if (file === null || !isBelow(file, root)) return [];
    return [{ file, ...within(denial, asked) }];
  });
}

function deniedPaths({ paths }: Denial, explained: ExplainedCall | null): readonly PathFact[] {
  if (explained === null) return paths;
  const { rule, decision } = explained.decision;
  const says = explained.steps.filter((step) => step.matched && step.rule === rule && step.effect === decision);
  const targets = new Set(says.map(({ target }) => target));
  const named = paths.filter(({ inside }) => inside !== null && targets.has(inside));
  return named.length > 0 ? named : paths;
}

function isBelow(file: string, root: string): boolean {
  const relative = path.relative(root, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

const FIRST = { line: 0, text: null };

function within({ tool, input }: Denial, asked: string): Omit<Place, 'file'> {
  const call = input === null ? null : parseCall(tool, input);
  if (call === null || !call.ok) return FIRST;
  switch (call.value.tool) {
    case 'read_file':
      return { line: (call.value.input.from ?? 1) - 1, text: null };
    case 'replace_in_file':
      return { line: 0, text: call.value.input.old };
    case 'apply_patch':
      return { line: firstHunk(call.value.input.patch, asked), text: null };
    default:
      return FIRST;
  }
}

/** The line at which the first hunk about a file begins. */
function firstHunk(patch: string, asked: string): number {
  let here = false;
  for (const line of patch.split('\n')) {
    if (line.startsWith('--- ') || line.startsWith('+++ ')) here = line.endsWith(asked);
    const start = here ? /^@@ -(\d+)/.exec(line)?.[1] : undefined;
    if (start !== undefined) return Math.max(0, Number(start) - 1);
  }
  return 0;
}
