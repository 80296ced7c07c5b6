/**
 * The files that a run has touched, sorted by path, as a tree that is never changed: a change makes a new one, which
 * shares all but the way to that file. Thus every state of a run can have its own, and the first files of it are found
 * without looking at the others.
 *
 * Invariant: AVL, the two sides of every node differ in height by one at the most (Adelson-Velsky and Landis, 1962), so
 * that no choice of paths makes it deep.
 */
import { z } from 'zod';
import { fileVersion } from './parts';

export const fileMomentSchema = z.strictObject({
  path: z.string(),
  /** At the start of the run; null when the file did not exist. */
  before: fileVersion.nullable(),
  /** Now; null when it does not exist. */
  after: fileVersion.nullable(),
  /** How it was changed last. */
  how: z.string(),
});
export type FileMoment = z.infer<typeof fileMomentSchema>;

type Node = {
  readonly file: FileMoment;
  readonly left: ChangedFiles;
  readonly right: ChangedFiles;
  readonly height: number;
  /** How many files of the tree are not as they were. */
  readonly changed: number;
};
/** Null is "none". */
export type ChangedFiles = Node | null;

/** How many files are not as they were at the start of the run. */
export const countChanged = (files: ChangedFiles): number => files?.changed ?? 0;

/** The first `limit` files that are not as they were, sorted by path. */
export function firstChanged(files: ChangedFiles, limit: number): FileMoment[] {
  const found: FileMoment[] = [];
  const walk = (node: ChangedFiles): void => {
    if (node === null || node.changed === 0 || found.length >= limit) return;
    walk(node.left);
    if (isChanged(node.file) && found.length < limit) found.push(node.file);
    walk(node.right);
  };
  walk(files);
  return found;
}

/** The files after one more change; what was there before the first change of a file stays its `before`. */
export function withChange(files: ChangedFiles, change: FileMoment): ChangedFiles {
  if (files === null) return join(change, null, null);
  const { file, left, right } = files;
  if (change.path < file.path) return balanced(file, withChange(left, change), right);
  if (change.path > file.path) return balanced(file, left, withChange(right, change));
  return join({ ...change, before: file.before }, left, right);
}

const isChanged = ({ before, after }: FileMoment): boolean => before?.sha256 !== after?.sha256;
const heightOf = (tree: ChangedFiles): number => tree?.height ?? 0;

function join(file: FileMoment, left: ChangedFiles, right: ChangedFiles): Node {
  const height = 1 + Math.max(heightOf(left), heightOf(right));
  return { file, left, right, height, changed: countChanged(left) + countChanged(right) + (isChanged(file) ? 1 : 0) };
}

/** Joins two trees of which one has grown by a single file. */
function balanced(file: FileMoment, left: ChangedFiles, right: ChangedFiles): Node {
  if (left !== null && left.height > heightOf(right) + 1) {
    const inner = left.right;
    if (inner === null || heightOf(left.left) >= inner.height)
      return join(left.file, left.left, join(file, inner, right));
    return join(inner.file, join(left.file, left.left, inner.left), join(file, inner.right, right));
  }
  if (right !== null && right.height > heightOf(left) + 1) {
    const inner = right.left;
    if (inner === null || heightOf(right.right) >= inner.height)
      return join(right.file, join(file, left, inner), right.right);
    return join(inner.file, join(file, left, inner.left), join(right.file, inner.right, right.right));
  }
  return join(file, left, right);
}
