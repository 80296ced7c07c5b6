/** From a call to the tool that performs it, and what kind of call it is. */
import { assertNever } from '../../core/kernel/assertNever';
import type { AnyToolInput } from '../../core/tools/contracts';
import { applyPatch } from './applyPatch';
import { buildContext } from './buildContext';
import { callMcp } from './callMcp';
import { deleteFile, replaceInFile, writeFile } from './changeFiles';
import { runCommand, runProjectCommand } from './commands';
import { failure, type ToolAnswer, type ToolContext } from './context';
import { diffReport } from './diffReport';
import { evidenceBundle } from './evidenceBundle';
import { fetchUrl } from './fetchUrl';
import { findSymbol } from './findSymbol';
import { gitCommit } from './gitCommit';
import { gitDiff, gitLog, gitStatus } from './gitInfo';
import { listDirectory } from './listDirectory';
import { readFile } from './readFile';
import { search } from './search';
import { summarize } from './summarize';

/** Whether a call can change the tree, or says something about all of it. */
export function dependsOnTree({ tool }: AnyToolInput): boolean {
  switch (tool) {
    case 'write_file':
    case 'replace_in_file':
    case 'delete_file':
    case 'apply_patch':
    case 'run_command':
    case 'run_project_command':
    case 'git_commit':
    case 'diff_report':
    case 'mcp':
    case 'git_status':
    case 'git_diff':
      return true;
    case 'read_file':
    case 'list_directory':
    case 'search':
    case 'build_context':
    case 'summarize':
    case 'evidence_bundle':
    case 'find_symbol':
    case 'git_log':
    case 'fetch_url':
    case 'ask_user':
      return false;
    default:
      return assertNever(tool);
  }
}

/** Whether a call has a program run that writes where it likes, and not only where the policy saw. */
export const runsProgram = ({ tool }: AnyToolInput): boolean =>
  tool === 'run_command' || tool === 'run_project_command' || tool === 'mcp';

/** Hands a call to its tool; `targets` are the resolved paths that were decided on. */
export async function dispatch(
  context: ToolContext,
  call: AnyToolInput,
  targets: readonly string[],
): Promise<ToolAnswer> {
  context.signal.throwIfAborted();
  switch (call.tool) {
    case 'read_file':
      return readFile(context, call.input, targets);
    case 'list_directory':
      return listDirectory(context, call.input, targets);
    case 'search':
      return search(context, call.input, targets);
    case 'write_file':
      return writeFile(context, call.input, targets);
    case 'replace_in_file':
      return replaceInFile(context, call.input, targets);
    case 'delete_file':
      return deleteFile(context, call.input, targets);
    case 'apply_patch':
      return applyPatch(context, call.input, targets);
    case 'summarize':
      return summarize(context, call.input);
    case 'evidence_bundle':
      return evidenceBundle(context);
    case 'run_command':
      return runCommand(context, call.input);
    case 'run_project_command':
      return runProjectCommand(context, call.input);
    case 'build_context':
      return buildContext(context);
    case 'diff_report':
      return diffReport(context, call.input);
    case 'git_commit':
      return gitCommit(context, call.input);
    case 'find_symbol':
      return findSymbol(context, call.input);
    case 'git_status':
      return gitStatus(context);
    case 'git_diff':
      return gitDiff(context, call.input, targets);
    case 'git_log':
      return gitLog(context, call.input, targets);
    case 'fetch_url':
      return fetchUrl(context, call.input);
    case 'mcp':
      return callMcp(context, call.input);
    case 'ask_user':
      return failure('a question is put by the engine, not by a tool');
    default:
      return assertNever(call);
  }
}
