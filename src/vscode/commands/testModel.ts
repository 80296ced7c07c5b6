import * as vscode from 'vscode';
import { assertNever } from '../../core/kernel/assertNever';
import type { ModelFailure, ModelFailureCode, ModelId, ModelReply } from '../../core/ports/model';
import { formatCost, formatCount, formatDuration } from '../../protocol/format';
import { longWork } from '../longWork';
import { askModal, fail, info } from '../messages';
import type { Command } from './context';

const SEND = 'Send Request';
const AGAIN = 'Test Again';
const CHOOSE = 'Choose Model…';
const SET_KEY = 'Set API Key…';
const PROXY = 'Open Proxy Settings';
const SETTINGS = 'Open Settings';

/** "Test Model Connection": the smallest request to the model that a run here would use, after a question; says what came of it. */
export const testModel: Command = async ({ models, log }) => {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri.fsPath ?? null;
  const id = await models.chosen(folder);
  const name = `${id.provider}:${id.name}`;
  if (id.provider === 'recorded') {
    void info(`OpenExec: ${name} is a recording: it answers from this folder, and there is no connection to test.`);
    return;
  }
  if (!id.local && (await askModal(`Send a short request to ${name}?`, detailOf(id), SEND)) !== SEND) return;
  const answer = await longWork(`asking ${name}`, ({ signal }) =>
    models.test(folder, signal ?? new AbortController().signal),
  );
  if (answer === undefined) return;
  if (answer.kind === 'reply') {
    const line = replyLine(id, answer);
    log.info(line);
    void info(`OpenExec: ${line}`);
  } else if (answer.code !== 'cancelled') {
    log.warn(`${name}: ${answer.code}: ${answer.message}`);
    await tellFailure(answer, id);
  }
};

function detailOf({ destination }: ModelId): string {
  return [
    `It is sent to ${destination}: one sentence that asks for one word. Nothing of your folder is in it.`,
    'It may cost a fraction of a cent, as your account there is charged.',
  ].join('\n\n');
}

function replyLine({ provider, name, destination }: ModelId, reply: ModelReply): string {
  const { firstTokenMs, ms, usage, costUsd } = reply;
  const first = firstTokenMs === null ? 'it said nothing' : `first token after ${formatDuration(firstTokenMs)}`;
  const tokens = `${formatCount(usage.input, 'token')} in, ${usage.output} out${usage.estimated ? ' (estimated)' : ''}`;
  const cost = costUsd === null ? 'cost not known' : `cost ${formatCost(costUsd)}`;
  return `${provider}:${name} answered. ${destination}; ${first}, all after ${formatDuration(ms)}; ${tokens}; ${cost}.`;
}

async function tellFailure(failure: ModelFailure, { provider }: ModelId): Promise<void> {
  const picked = await fail(`OpenExec: ${failure.message}`, ...waysOn(failure.code));
  const { executeCommand } = vscode.commands;
  if (picked === AGAIN) await executeCommand('openexec.testModel');
  if (picked === CHOOSE) await executeCommand('openexec.chooseModel');
  if (picked === SET_KEY) await executeCommand('openexec.setApiKey', provider);
  if (picked === PROXY) await executeCommand('workbench.action.openSettings', 'http.proxy');
  if (picked === SETTINGS) await executeCommand('workbench.action.openSettings', 'openexec.models');
}

/** What a person can do about a failure, the likeliest first. */
function waysOn(code: ModelFailureCode): readonly string[] {
  switch (code) {
    case 'key_missing':
    case 'unauthorized':
      return [SET_KEY, CHOOSE];
    case 'consent':
      return [AGAIN, CHOOSE];
    case 'connection':
    case 'timeout':
    case 'tls':
      return [AGAIN, PROXY, CHOOSE];
    case 'not_found':
    case 'refused':
    case 'quota':
    case 'too_large':
    case 'cassette_miss':
      return [CHOOSE, SETTINGS];
    case 'malformed':
    case 'stalled':
      return [AGAIN, SETTINGS, CHOOSE];
    case 'overloaded':
    case 'rate_limited':
    case 'server':
      return [AGAIN, CHOOSE];
    case 'cancelled':
      return [];
    default:
      return assertNever(code);
  }
}
