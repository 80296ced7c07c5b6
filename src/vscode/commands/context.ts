import type * as vscode from 'vscode';
import { OpenExecError } from '../../core/kernel/errors';
import type { Approvals } from '../approvals';
import type { ComparePanels } from '../compare/comparePanels';
import type { DenialMarks } from '../denials/marks';
import type { Documents } from '../documents';
import type { LedgerPanels } from '../egress/ledgerPanels';
import type { Models } from '../models/models';
import type { ResultTexts } from '../results/texts';
import type { RunArranging } from '../runList/arranging';
import type { ListedRun, Runs } from '../runs';
import type { TaskDocuments } from '../tasks/taskDocuments';
import type { GraphPanels } from '../timeline/graphPanels';
import type { TimelinePanels } from '../timeline/panels';
import type { TimelineView } from '../timeline/sideView';
import type { Verdicts } from '../verdicts';

/** What commands work with. */
export type CommandContext = {
  readonly runs: Runs;
  readonly models: Models;
  readonly approvals: Approvals;
  readonly panels: TimelinePanels;
  /** The timeline in the side bar. */
  readonly side: TimelineView;
  readonly arranging: RunArranging;
  readonly graphs: GraphPanels;
  readonly ledger: LedgerPanels;
  readonly compare: ComparePanels;
  readonly documents: Documents;
  /** Tasks that are written in documents of their own. */
  readonly taskDocuments: TaskDocuments;
  readonly resultTexts: ResultTexts;
  readonly verdicts: Verdicts;
  readonly marks: DenialMarks;
  readonly log: vscode.LogOutputChannel;
  readonly memory: vscode.Memento;
  /** The extension's own folder. */
  readonly assets: string;
  /** `PUBLISHER.NAME`, by which VS Code knows the extension. */
  readonly extensionId: string;
};

/** What file dialogs offer for bundles. */
export const BUNDLE_FILES = { 'Evidence bundle': ['zip'] };

/** A command handler; it may reject, and the person is then shown why. */
export type Command = (context: CommandContext, ...args: unknown[]) => Promise<void>;

/** The run that a command was called on: from a tree item, or named by its id. */
export function runIdOf(arg: unknown): string {
  if (typeof arg === 'string') return arg;
  if (typeof arg === 'object' && arg !== null && 'runId' in arg) return (arg as ListedRun).runId;
  throw new OpenExecError('usage', 'Choose a run in the Runs view first.');
}
