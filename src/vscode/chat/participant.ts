/** `@openexec` in the chat: starts runs, reports them, and answers from their records. No model is asked for any of it. */
import * as vscode from 'vscode';
import { z } from 'zod';
import { assertNever } from '../../core/kernel/assertNever';
import { messageOf } from '../../core/kernel/errors';
import type { Approvals } from '../approvals';
import { labelText } from '../exactText';
import type { ListedRun, Runs } from '../runs';
import {
  approvalText,
  CAN_DO,
  NO_RUNS,
  nothingDenied,
  runsHeading,
  runText,
  statusHeading,
  unmatchedText,
  whyText,
} from './answers';
import { findDenial } from './findDenial';
import { plain } from './markdown';
import { namedIn, QUESTIONS, questionOf } from './words';

export const PARTICIPANT = 'openexec.chat';

/** Runs that a list shows. */
const LISTED = 8;

export type ChatDesk = {
  readonly runs: Pick<Runs, 'list' | 'events' | 'explain'>;
  readonly approvals: Pick<Approvals, 'pending'>;
  readonly log: Pick<vscode.LogOutputChannel, 'error' | 'info'>;
};

type Answering = {
  readonly prompt: string;
  readonly stream: vscode.ChatResponseStream;
  readonly token: vscode.CancellationToken;
};

const resultSchema = z.object({ answered: z.enum([...QUESTIONS, 'help']) });
type Answered = z.infer<typeof resultSchema>['answered'];

/** Answers one message; what goes wrong is said in one line, with what to do. */
export async function answer(
  desk: ChatDesk,
  command: string | undefined,
  asking: Answering,
): Promise<vscode.ChatResult> {
  const answered = askedFor(command, asking.prompt);
  try {
    await ANSWERS[answered](desk, asking);
    return { metadata: { answered } };
  } catch (error) {
    desk.log.error(error instanceof Error ? error : String(error));
    button(asking.stream, 'Run Doctor', 'openexec.doctor');
    return { metadata: { answered }, errorDetails: { message: plain(messageOf(error), 500) } };
  }
}

function askedFor(command: string | undefined, prompt: string): Answered {
  if (command !== undefined) return z.enum(QUESTIONS).safeParse(command).data ?? 'help';
  return questionOf(prompt) ?? 'help';
}

const ANSWERS: Readonly<Record<Answered, (desk: ChatDesk, asking: Answering) => Promise<void>>> = {
  start: answerStart,
  runs: answerRuns,
  status: answerStatus,
  why: answerWhy,
  help: answerHelp,
};

/** The questions before a run are asked where they always are; this does not wait for their answers. */
async function answerStart({ log }: ChatDesk, { prompt, stream }: Answering): Promise<void> {
  const task = prompt.trim();
  const args = task === '' ? [] : [{ task }];
  vscode.commands.executeCommand('openexec.startRun', ...args).then(undefined, (error) => log.error(messageOf(error)));
  stream.markdown('Answer the questions at the top of the window. Nothing starts until you choose Start there.');
}

async function answerRuns({ runs }: ChatDesk, { stream }: Answering): Promise<void> {
  const all = await runs.list();
  if (all.length === 0) {
    stream.markdown(NO_RUNS);
    button(stream, 'Start Blueprint Run', 'openexec.startRun');
    button(stream, 'Open Sample Run', 'openexec.openSampleRun');
    return;
  }
  stream.markdown(runsHeading(Math.min(all.length, LISTED), all.length));
  for (const run of all.slice(0, LISTED)) tellRun(run, stream);
}

async function answerStatus({ runs, approvals }: ChatDesk, { stream }: Answering): Promise<void> {
  const active = (await runs.list()).filter(({ status }) => status === 'running' || status === 'waiting');
  const pending = approvals.pending();
  stream.markdown(statusHeading(active.length, pending.length));
  for (const asked of pending) {
    stream.markdown(approvalText(asked));
    const { runId, approval } = asked;
    button(stream, 'Review', 'openexec.reviewApprovals', { runId, approval });
  }
  for (const run of active) tellRun(run, stream);
}

async function answerWhy({ runs }: ChatDesk, { prompt, stream, token }: Answering): Promise<void> {
  const found = await findDenial(runs, namedIn(prompt), () => token.isCancellationRequested);
  if (token.isCancellationRequested) return;
  switch (found.kind) {
    case 'no such run':
      return stream.markdown(`No run ${plain(found.runId)} is recorded on this machine. \`/runs\` lists the newest.`);
    case 'none':
      return stream.markdown(nothingDenied(found.run));
    case 'found': {
      const { run, seq, unmatched } = found;
      const explained = await runs.explain(run.runId, seq);
      stream.markdown(`${unmatchedText(unmatched)}${whyText(explained, { run, seq })}`);
      button(stream, 'Show in Timeline', 'openexec.openTimeline', run.runId, seq);
      return button(stream, 'Explain', 'openexec.explainDecision', run.runId, seq);
    }
    default:
      return assertNever(found);
  }
}

async function answerHelp(_: ChatDesk, { prompt, stream }: Answering): Promise<void> {
  stream.markdown(CAN_DO);
  const task = prompt.trim();
  if (task !== '') button(stream, 'Start a Run with This Task…', 'openexec.startRun', { task });
}

function tellRun(run: ListedRun, stream: vscode.ChatResponseStream): void {
  stream.markdown(runText(run));
  stream.button({
    ...{ command: 'openexec.openTimeline', title: 'Open Timeline', arguments: [run.runId] },
    tooltip: labelText(run.task),
  });
}

function button(stream: vscode.ChatResponseStream, title: string, command: string, ...args: unknown[]): void {
  stream.button({ title, command, arguments: args });
}

const STATUS: vscode.ChatFollowup = { prompt: 'what goes on now', label: 'What goes on now?', command: 'status' };
const RUNS: vscode.ChatFollowup = { prompt: 'the newest runs', label: 'Show the newest runs', command: 'runs' };
const WHY: vscode.ChatFollowup = {
  prompt: 'why was the last call denied',
  label: 'Why was the last call denied?',
  command: 'why',
};
const NEXT: Readonly<Record<Answered, readonly vscode.ChatFollowup[]>> = {
  start: [STATUS],
  runs: [STATUS, WHY],
  status: [RUNS, WHY],
  why: [RUNS, STATUS],
  help: [RUNS, STATUS, WHY],
};

/** What may be asked next; nothing after an answer of another version. */
export function followupsOf({ metadata }: vscode.ChatResult): vscode.ChatFollowup[] {
  const parsed = resultSchema.safeParse(metadata);
  return parsed.success ? [...NEXT[parsed.data.answered]] : [];
}
