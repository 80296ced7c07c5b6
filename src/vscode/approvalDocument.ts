/** The exact arguments of an approval before the person's eyes: what a write would change as a diff, all else in words. */
import type * as vscode from 'vscode';
import { parseCall } from '../core/tools/contracts';
import type { PendingApproval } from './approvals';
import { type AskedBy, approvalText } from './approvalText';
import type { Documents } from './documents';
import { exactLine } from './exactText';
import type { Runs } from './runs';
import { AskedSoFar } from './timeline/asked';

/** The focus stays with whoever asks for the answer. */
const BESIDE: vscode.TextDocumentShowOptions = { preserveFocus: true, preview: true };

/** Opens what the approval is bound to. Rejects as the runs do. */
export async function showApproval(asked: PendingApproval, runs: Runs, documents: Documents): Promise<void> {
  const by = await askedBy(asked, runs);
  await documents.show(asked.runId, `Approval ${asked.approval}.md`, approvalText(asked, by), BESIDE);
  const sides = by.tool === null || by.tree === null ? null : await sidesOf(by.tool, by.tree, asked, runs);
  if (sides === null) return;
  const { path, before, after } = sides;
  const name = path.split('/').at(-1) ?? path;
  const side = (folder: string, text: string) => ({ folder: `${asked.runId}/${asked.approval}/${folder}`, name, text });
  const title = `${exactLine(path)}: now in the run's copy ↔ as the call would leave it`;
  await documents.diff([side('now', before), side('asked', after)], title, BESIDE);
}

async function askedBy(asked: PendingApproval, runs: Runs): Promise<AskedBy & { readonly tree: string | null }> {
  const { task } = await runs.summary(asked.runId);
  const soFar = new AskedSoFar();
  for await (const event of runs.events(asked.runId, 0)) soFar.take(event);
  const found = soFar.of(asked.approval);
  return { task, tool: asked.tool ?? found?.tool ?? null, asks: found?.asks ?? null, tree: soFar.tree };
}

type Sides = { readonly path: string; readonly before: string; readonly after: string };

/** The file as it is and as a writing call would leave it; null for any other call, and where that cannot be told. */
async function sidesOf(
  tool: string,
  tree: string,
  { detail, runId }: PendingApproval,
  runs: Runs,
): Promise<Sides | null> {
  const parsed = parseCall(tool, detail);
  if (!parsed.ok) return null;
  const call = parsed.value;
  if (call.tool !== 'write_file' && call.tool !== 'replace_in_file' && call.tool !== 'delete_file') return null;
  const { path } = call.input;
  const before = await runs.fileInTree(runId, { tree, path }).catch(() => undefined);
  if (before === undefined) return null;
  if (call.tool === 'write_file') return { path, before: before ?? '', after: call.input.content };
  if (before === null) return null;
  if (call.tool === 'delete_file') return { path, before, after: '' };
  const parts = before.split(call.input.old);
  // Anything but one occurrence, and the call will fail: the document says what was asked.
  return parts.length === 2 ? { path, before, after: parts.join(call.input.new) } : null;
}
