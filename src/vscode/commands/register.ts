/** Commands by their ids. A handler that rejects ends in one clear message with a next step. */
import * as vscode from 'vscode';
import { showProblem } from '../problems';
import { fixProblem } from '../tasks/fixProblem';
import { fixTest } from '../tasks/fixTest';
import { startFromClipboard } from '../tasks/fromClipboard';
import { startWithTask } from '../tasks/fromDocument';
import { startFromSelection } from '../tasks/fromSelection';
import { startFromSourceControl } from '../tasks/fromSourceControl';
import { applyFiles, applyResult } from './applyResult';
import {
  allowInRun,
  allowOnce,
  answerQuestion,
  approve,
  deny,
  denyWithReason,
  editApproval,
  reject,
  reviewPending,
  sendContext,
  sendNothing,
  sendSome,
} from './approvals';
import { cancelRun } from './cancelRun';
import { chooseModel } from './chooseModel';
import { commitOnBranch } from './commitOnBranch';
import { compareRuns } from './compareRuns';
import type { Command, CommandContext } from './context';
import { copyLink } from './copyLink';
import { createSigningKey } from './createSigningKey';
import { discardResult } from './discardResult';
import { doctor } from './doctor';
import { dismissDenials, explainDecision, openPolicy } from './explainDecision';
import { exportEvidence } from './exportEvidence';
import { exportReport } from './exportReport';
import { clearRunsFilter, filterRuns } from './filterRuns';
import { getStarted } from './getStarted';
import { groupRunsByBlueprint, groupRunsByDay } from './groupRuns';
import { importEvidence } from './importEvidence';
import { openSampleRun } from './openSampleRun';
import { openTimeline } from './openTimeline';
import { pauseRun } from './pauseRun';
import { openUserPolicy, openWorkspacePolicy, showDrift } from './policies';
import { rebuildIndex } from './rebuildIndex';
import { replayNode, replayRun } from './replayRun';
import { rerunUnderPolicy } from './rerunUnderPolicy';
import { rerunWithModel } from './rerunWithModel';
import { resumeRun } from './resumeRun';
import { reviewChanges } from './reviewChanges';
import { reviewMcpServers } from './reviewMcpServers';
import { setApiKey } from './setApiKey';
import { showGraph } from './showGraph';
import { showLedger } from './showLedger';
import { startRun } from './startRun';
import { testModel } from './testModel';
import { undoApply } from './undoApply';
import { verifyRun } from './verifyRun';
import { whatIf } from './whatIf';
import { widenZones } from './widenZones';

const COMMANDS: Readonly<Record<string, Command>> = {
  'openexec.getStarted': getStarted,
  'openexec.startRun': startRun,
  'openexec.startRunWithTask': startWithTask,
  'openexec.startRunWithSelection': startFromSelection,
  'openexec.startRunFromClipboard': startFromClipboard,
  'openexec.startRunFromSourceControl': startFromSourceControl,
  'openexec.fixProblem': fixProblem,
  'openexec.fixTest': fixTest,
  'openexec.openSampleRun': openSampleRun,
  'openexec.openTimeline': openTimeline,
  'openexec.copyLink': copyLink,
  'openexec.groupRunsByDay': groupRunsByDay,
  'openexec.groupRunsByBlueprint': groupRunsByBlueprint,
  'openexec.filterRuns': filterRuns,
  'openexec.clearRunsFilter': clearRunsFilter,
  'openexec.showBlueprintGraph': showGraph,
  'openexec.showLedger': showLedger,
  'openexec.compareRuns': compareRuns,
  'openexec.rerunWithModel': rerunWithModel,
  'openexec.rerunUnderPolicy': rerunUnderPolicy,
  'openexec.whatIf': whatIf,
  'openexec.pauseRun': pauseRun,
  'openexec.cancelRun': cancelRun,
  'openexec.reviewChanges': reviewChanges,
  'openexec.applyResult': applyResult,
  'openexec.applyFiles': applyFiles,
  'openexec.commitOnBranch': commitOnBranch,
  'openexec.undoApply': undoApply,
  'openexec.discardResult': discardResult,
  'openexec.resumeRun': resumeRun,
  'openexec.replayRun': replayRun,
  'openexec.replayNode': replayNode,
  'openexec.verifyRun': verifyRun,
  'openexec.exportEvidence': exportEvidence,
  'openexec.exportReport': exportReport,
  'openexec.importEvidence': importEvidence,
  'openexec.rebuildIndex': rebuildIndex,
  'openexec.createSigningKey': createSigningKey,
  'openexec.reviewApprovals': reviewPending,
  'openexec.allowOnce': allowOnce,
  'openexec.allowInRun': allowInRun,
  'openexec.deny': deny,
  'openexec.denyWithReason': denyWithReason,
  'openexec.approve': approve,
  'openexec.reject': reject,
  'openexec.editApproval': editApproval,
  'openexec.answerQuestion': answerQuestion,
  'openexec.sendContext': sendContext,
  'openexec.sendSome': sendSome,
  'openexec.sendNothing': sendNothing,
  'openexec.widenZones': widenZones,
  'openexec.explainDecision': explainDecision,
  'openexec.openPolicy': openPolicy,
  'openexec.dismissDenials': dismissDenials,
  'openexec.showPolicyDrift': showDrift,
  'openexec.openUserPolicy': openUserPolicy,
  'openexec.openWorkspacePolicy': openWorkspacePolicy,
  'openexec.reviewMcpServers': reviewMcpServers,
  'openexec.chooseModel': chooseModel,
  'openexec.testModel': testModel,
  'openexec.setApiKey': setApiKey,
  'openexec.doctor': doctor,
};

/** Registers every command. */
export function registerCommands(context: CommandContext): vscode.Disposable[] {
  return Object.entries(COMMANDS).map(([id, command]) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        await command(context, ...args);
      } catch (error) {
        void showProblem(error, context.log);
      }
    }),
  );
}
