/**
 * The work tree as the record knows it. Around every call that can change something, and before what reports or
 * commits the tree, it is hashed; what changed since the last look becomes `file.changed` events, also when no call of
 * the run did it (a process that a command left behind).
 */
import { isSensitive } from '../../core/gatekeeper/gate';
import type { GitFile } from '../workspace/changes';
import type { ToolContext, ToolEvent } from './context';

export type Look = {
  readonly tree: string;
  readonly changed: readonly ToolEvent[];
};

export interface TreeWatch {
  /** Hashes the tree; `how` says what the changes since the last look are put down to. Throws `git_failed`. */
  look(context: ToolContext, how: string): Promise<Look>;
}

/** Watches a work tree that is at `tree` now. */
export function watchTree(tree: string): TreeWatch {
  let last = tree;
  return {
    async look(context, how) {
      const now = await context.worktree.treeOf();
      const changed = now === last ? [] : await changedFiles(context, how, last, now);
      last = now;
      return { tree: now, changed };
    },
  };
}

/** The difference of two trees as events. */
async function changedFiles(context: ToolContext, how: string, before: string, after: string): Promise<ToolEvent[]> {
  const events: ToolEvent[] = [];
  for (const { path, ...sides } of await context.worktree.changes(before, after)) {
    const version = (file: GitFile | null) => versionOf(context, path, file);
    const data = {
      call: context.call,
      path,
      before: await version(sides.before),
      after: await version(sides.after),
      how,
    };
    events.push({ type: 'file.changed', data });
  }
  return events;
}

/** The bytes of one side are kept, unless the policy protects the file or they hold what looks like a secret. */
async function versionOf({ worktree, blobs, hash, withheld, gate }: ToolContext, path: string, file: GitFile | null) {
  if (file === null) return null;
  const content = await worktree.readBlob(file);
  const secret = isSensitive(gate.redact(content.toString()).counts);
  if (secret || withheld(path) !== null) return { sha256: hash(content), bytes: content.length, kept: false };
  const { blob, bytes } = await blobs.put(content, 'application/octet-stream');
  return { sha256: blob, bytes, kept: true };
}
