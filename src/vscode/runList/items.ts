/** Runs and groups of runs as items of the Runs view: what is seen, said and offered of each. */
import * as vscode from 'vscode';
import { formatBytes, formatCost, formatCount, formatDuration, oneLine } from '../../protocol/format';
import { decidesOtherwise, driftLine } from '../policies/driftText';
import { canApply, canDiscard, canUndo, isHalted, isSteered, type ListedRun, type PolicyDrift } from '../runs';
import { lookOf } from '../statusWords';
import { runUri, type Verdicts } from '../verdicts';
import type { RunGroup } from './grouping';

/** The longest label, in characters: a side bar of common width must have room for the state's word beside it. */
const LABEL = 20;
/** The longest label of a run that is said to be imported. */
const LABEL_OF_IMPORTED = 12;
const RECORDED = 'recorded:';

const GROUP_ICONS = { waiting: 'bell-dot', day: 'calendar', blueprint: 'type-hierarchy' } as const;

export function groupItem({ group, label, kind, runs }: RunGroup): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.id = group;
  item.collapsibleState = vscode.TreeItemCollapsibleState.Expanded;
  item.iconPath = new vscode.ThemeIcon(GROUP_ICONS[kind]);
  item.contextValue = 'group';
  item.description = formatCount(runs.length, 'run');
  item.accessibilityInformation = { label: `${label}, ${item.description}` };
  return item;
}

/** What is known of a run beside its summary. */
export type Beside = {
  /** True when it waits for a person in this window, and is to be unfolded. */
  readonly waits: boolean;
  readonly verdict: ReturnType<Verdicts['lookOf']>;
  readonly drift: PolicyDrift | null;
};

export function runItem(run: ListedRun, { waits, verdict, drift }: Beside): vscode.TreeItem {
  const { icon, color, word } = lookOf(run.status);
  const item = new vscode.TreeItem(oneLine(run.task, run.imported ? LABEL_OF_IMPORTED : LABEL));
  item.id = run.runId;
  const { Expanded, None } = vscode.TreeItemCollapsibleState;
  item.collapsibleState = waits ? Expanded : None;
  const node = run.currentNode && run.status === 'running' ? ` at ${run.currentNode}` : '';
  const elsewhere = run.imported ? 'imported' : run.readOnly ? 'another window' : '';
  const changed = drift !== null && decidesOtherwise(drift) ? 'policy changed since' : '';
  const spent = [tookOf(run), costOf(run), run.model.replace(/^[^:]*:/, '')];
  item.description = said([`${word}${node}`, elsewhere, changed, ...spent]);
  item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
  item.tooltip = tooltip(run, word, [verdict?.tooltip ?? null, drift === null ? null : driftLine(drift)]);
  item.contextValue = contextOf(run);
  item.resourceUri = runUri(run);
  item.accessibilityInformation = { label: `${run.task}, ${item.description}${verdict ? `, ${verdict.words}` : ''}` };
  item.command = { command: 'openexec.openTimeline', title: 'Open Timeline', arguments: [run] };
  return item;
}

const said = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' · ');

/** How long an ended run took; empty while it goes on, for nothing would count it up. */
const tookOf = ({ startedAt, endedAt }: ListedRun): string =>
  endedAt === null ? '' : formatDuration(Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)));

const costOf = ({ costUsd }: ListedRun): string => (costUsd === null ? 'cost unknown' : formatCost(costUsd));

/** What the menus match on: `run active`, `run halted`, `run ended result`, `run ended applied` … */
function contextOf(run: ListedRun): string {
  if (isSteered(run)) return 'run active';
  if (run.readOnly) return run.status === 'running' || run.status === 'waiting' ? 'run watched' : 'run ended watched';
  if (isHalted(run)) return 'run halted';
  if (canApply(run)) return 'run ended result';
  if (canUndo(run)) return 'run ended applied';
  return canDiscard(run) ? 'run ended copy' : 'run ended';
}

function tooltip(run: ListedRun, word: string, notes: readonly (string | null)[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendText(run.task);
  text.appendMarkdown('\n\n');
  text.appendText(`${word}${run.reason ? `: ${run.reason}` : ''}\n`);
  text.appendMarkdown('\n\n');
  const recorded = run.model.startsWith(RECORDED) ? ' (a recording: no live calls)' : '';
  text.appendText(`${run.blueprint} · ${run.model}${recorded} · ${run.events} events · ${run.denials} denied`);
  const took = tookOf(run) === '' ? '' : `took ${tookOf(run)}`;
  const begun = `started ${new Date(run.startedAt).toLocaleString()}`;
  const spent = said([begun, took, formatCount(run.tokens, 'token'), costOf(run)]);
  text.appendMarkdown('\n\n').appendText(spent);
  const taken = run.redactions === 0 ? '' : ` · ${formatCount(run.redactions, 'redaction')}`;
  const sent = `${formatBytes(run.bytesSent)} sent to models in ${formatCount(run.requests, 'request')}${taken}`;
  text.appendMarkdown('\n\n').appendText(run.requests === 0 ? 'nothing sent to a model' : sent);
  for (const note of notes) if (note !== null) text.appendMarkdown('\n\n').appendText(note);
  return text;
}
