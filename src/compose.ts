/**
 * The extension's one composition root: the Node adapters behind the interface that the windows use. Activation only
 * registers; the store, its worker and git are opened at the first use.
 */
import * as vscode from 'vscode';
import { messageOf } from './core/kernel/errors';
import { Approvals } from './vscode/approvals';
import { registerBlueprintEditing } from './vscode/blueprints/register';
import { registerChat } from './vscode/chat/register';
import { ClassifierNotice } from './vscode/classifierNotice';
import { registerCommands } from './vscode/commands/register';
import { COMPARE, ComparePanels } from './vscode/compare/comparePanels';
import { Denials } from './vscode/denials/denials';
import { DenialMarks } from './vscode/denials/marks';
import { DenialNotices } from './vscode/denials/notices';
import { Documents, registerDocuments } from './vscode/documents';
import { LedgerPanels } from './vscode/egress/ledgerPanels';
import { askAboutMcp } from './vscode/mcpReview';
import { Notifications } from './vscode/notifications';
import { Drifts } from './vscode/policies/drifts';
import { registerPolicyEditing } from './vscode/policies/register';
import { ResultTexts } from './vscode/results/texts';
import { registerRunViews } from './vscode/runList/register';
import type { ListedRun } from './vscode/runs';
import { RunStatusBar } from './vscode/statusBar';
import { ProblemFixes } from './vscode/tasks/problemFixes';
import { TaskDocuments } from './vscode/tasks/taskDocuments';
import { GraphPanels } from './vscode/timeline/graphPanels';
import { TIMELINE, TimelinePanels } from './vscode/timeline/panels';
import { RunLinks } from './vscode/timeline/uriHandler';
import { TraceExport } from './vscode/traceExport';
import { Verdicts } from './vscode/verdicts';
import { WindowModels } from './windowModels';
import { WindowRuns } from './windowRuns';

export type Extension = {
  /** What other extensions may use. */
  readonly api: { readonly runs: () => Promise<readonly ListedRun[]> };
  close(): Promise<void>;
};

export function compose(context: vscode.ExtensionContext): Extension {
  const log = vscode.window.createOutputChannel('OpenExec', { log: true });
  const approvals = new Approvals();
  const documents = new Documents();
  const models = new WindowModels(context, (line) => log.warn(line));
  const runs = new WindowRuns(context, { approvals, askAboutMcp: askAboutMcp(documents) }, models, log);
  const taskDocuments = new TaskDocuments();
  const resultTexts = new ResultTexts(runs);
  const { workspaceState: memory } = context;
  const verdicts = new Verdicts(memory);
  const desk = { runs, approvals, log, verdicts, documents };
  const panels = new TimelinePanels(context.extensionUri, desk);
  const graphs = new GraphPanels(context.extensionUri, runs.blueprintFacts, log);
  const ledger = new LedgerPanels(context.extensionUri, runs, log);
  const compare = new ComparePanels(context.extensionUri, { runs, documents, log });
  const failed = (error: unknown): void => log.error(messageOf(error));
  const denials = new Denials(runs);
  const marks = new DenialMarks(denials, runs, failed);
  const drifts = new Drifts(runs);
  const views = registerRunViews({ extension: context.extensionUri, desk, drifts, panels, memory });
  context.subscriptions.push(
    log,
    approvals,
    panels,
    graphs,
    ledger,
    compare,
    documents,
    registerDocuments(documents),
    taskDocuments,
    new ProblemFixes(),
    resultTexts,
    verdicts,
    vscode.window.registerFileDecorationProvider(verdicts),
    views,
    new RunStatusBar(runs, approvals),
    denials,
    marks,
    new DenialNotices(denials, failed),
    new ClassifierNotice(runs, failed),
    new TraceExport(runs, failed),
    drifts,
    new Notifications(runs, approvals, log),
    vscode.window.registerUriHandler(new RunLinks({ runs, panels, log })),
    vscode.window.registerWebviewPanelSerializer(TIMELINE, panels),
    vscode.window.registerWebviewPanelSerializer(COMPARE, compare),
    registerChat(context.extensionUri, desk),
    registerBlueprintEditing(context.extensionUri, runs.blueprintFacts, failed),
    registerPolicyEditing({
      extension: context.extensionUri,
      outside: outsideOf(runs),
      knownOf: runs.policyKnown,
      failed,
    }),
    ...registerCommands({
      runs,
      models,
      approvals,
      panels,
      arranging: views.arranging,
      side: views.side,
      graphs,
      ledger,
      compare,
      documents,
      taskDocuments,
      resultTexts,
      verdicts,
      marks,
      log,
      memory,
      assets: context.extensionPath,
      extensionId: context.extension.id,
    }),
  );
  return { api: { runs: () => runs.list() }, close: () => runs.close() };
}

/** The policy files that lie in no folder. */
function outsideOf(runs: WindowRuns): string[] {
  const { managed, user } = runs.policyFiles(null);
  return user === null ? [managed] : [managed, user];
}
