import type { VerifyReport } from '../../core/events/verify';
import { verifyRecord } from '../checks';
import { longWork } from '../longWork';
import { fail, info } from '../messages';
import { reportText, verdictLine } from '../verifyReport';
import { type Command, type CommandContext, runIdOf } from './context';

/** Verifies the record of a run, and says what is wrong with it and what could not be checked. */
export const verifyRun: Command = async (context, run) => {
  const runId = runIdOf(run);
  const verified = await longWork('verifying the record', (progress) => verifyRecord(runId, progress, context));
  if (verified === undefined) return;
  const { looked, report, at } = verified;
  await showVerdict(report, { runId, task: looked.task, at }, context);
};

const SHOW_REPORT = 'Show Report';
const SHOW_IN_TIMELINE = 'Show in Timeline';

/** The verdict of a verification as a notification, with a way to the whole report. */
async function showVerdict(report: VerifyReport, about: About, context: CommandContext): Promise<void> {
  const picked = await showReport(report, { ...about, lead: '' }, context, report.sound ? [] : [SHOW_IN_TIMELINE]);
  if (picked === SHOW_IN_TIMELINE) await context.panels.open(about.runId, report.findings[0]?.seq ?? 0);
}

type About = { readonly runId: string; readonly task: string; readonly at: string };

/** What a verification found, after a lead; answers which other button was pressed. */
export async function showReport(
  report: VerifyReport,
  about: About & { readonly lead: string },
  { documents }: Pick<CommandContext, 'documents'>,
  buttons: readonly string[] = [],
): Promise<string | undefined> {
  const text = `OpenExec: ${about.lead}${verdictLine(report)}`;
  const show = report.sound ? info : fail;
  const picked = await show(text, SHOW_REPORT, ...buttons);
  // A bundle may be too damaged to say of which run it is.
  const folder = about.runId === '' ? 'bundle' : about.runId;
  if (picked === SHOW_REPORT) await documents.show(folder, 'Verification.md', reportText(report, about));
  return picked;
}
