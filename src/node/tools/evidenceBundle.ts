/** evidence_bundle: the record of the run so far as a file that proves itself. */
import path from 'node:path';
import { isOpenExecError, messageOf } from '../../core/kernel/errors';
import { failure, type ToolAnswer, type ToolContext } from './context';

/** The artifact names the file only; where the store lies is nothing that belongs into a record. */
export async function evidenceBundle({ call, exportEvidence, signal }: ToolContext): Promise<ToolAnswer> {
  try {
    const { file, sha256, events, head } = await exportEvidence(call, signal);
    const content = JSON.stringify({ file: path.basename(file), sha256, events, head });
    const summary = `${events} events, SHA-256 ${sha256.slice(0, 12)}`;
    const data = { call, name: 'evidence', kind: 'bundle', media: 'application/json', content, summary } as const;
    const output = `wrote ${path.basename(file)} with ${events} events`;
    return { outcome: 'ok', output, events: [{ type: 'artifact.created', data }] };
  } catch (error) {
    // A record that is not sound or too large is an answer; a broken disk is not.
    const isAnswer =
      isOpenExecError(error) && ['journal_corrupt', 'blob_missing', 'bundle_invalid'].includes(error.code);
    if (!isAnswer || signal.aborted) throw error;
    return failure(`no bundle was written: ${messageOf(error)}`);
  }
}
