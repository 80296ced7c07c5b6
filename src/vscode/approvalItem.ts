/** A pending approval as an item below its run: what is asked, and what may be answered in its menus. */
import * as vscode from 'vscode';
import { askedLine } from './approvalChoices';
import type { PendingApproval } from './approvals';
import { contextLines } from './approvalText';
import { exactText } from './exactText';

/** Arguments in a tooltip; all of them are in the document that a click opens. */
const SHOWN = 1500;

export function approvalItem(asked: PendingApproval): vscode.TreeItem {
  const item = new vscode.TreeItem(askedLine(asked, 120));
  item.id = `${asked.runId}\n${asked.approval}`;
  item.description = asked.question === true ? 'waits for your answer' : 'waits for your approval';
  const icon = asked.question === true ? 'comment' : asked.context === true ? 'cloud-upload' : 'question';
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor('charts.yellow'));
  item.contextValue = contextOf(asked);
  item.tooltip = tooltip(asked);
  item.accessibilityInformation = { label: `${item.description}: ${askedLine(asked)}` };
  item.command = { command: 'openexec.reviewApprovals', title: 'Review', arguments: [asked] };
  return item;
}

/** What the menus match on. */
function contextOf({ question, context, tool, repeatable, editable }: PendingApproval): string {
  if (context === true) return 'approval context';
  if (question === true) return 'approval question';
  const more = `${repeatable === true ? ' repeatable' : ''}${editable ? ' editable' : ''}`;
  return `approval ${tool === undefined ? 'node' : 'call'}${more}`;
}

function tooltip(asked: PendingApproval): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendText(askedLine(asked, 500));
  const detail = asked.context === true ? contextLines(asked.detail).join('\n') : exactText(asked.detail);
  const rest = detail.length > SHOWN ? `\n… ${detail.length - SHOWN} more characters` : '';
  text.appendMarkdown('\n\n').appendCodeblock(`${detail.slice(0, SHOWN)}${rest}`, 'plaintext');
  return text;
}
