/**
 * What can be done with a run as it stands, and what it says of itself in words.
 */
import type { RunMoment } from '../../src/protocol/events';
import type { RunCommand, RunStatus, RunView, Tone } from '../../src/protocol/messages';
import type { IconName } from './icons';
import { isLive } from './state';

/** The commands that make sense now, the likeliest first. A run that another window writes is only watched. */
export function commandsFor(run: RunView): RunCommand[] {
  if (isLive(run)) return run.readOnly ? [] : run.canPause ? ['pause', 'cancel'] : ['cancel'];
  const commands: RunCommand[] = [];
  if (run.canResume) commands.push('resume');
  if (run.result === 'ready' && !run.readOnly) commands.push('apply');
  if (run.canDiscard) commands.push('discard');
  return [...commands, 'replay', 'verify', 'export'];
}

/** What else can be done with a run that has ended: less often wanted, and shown apart. */
export function moreCommandsFor(run: RunView): RunCommand[] {
  if (isLive(run)) return [];
  const again: RunCommand[] = run.readOnly ? [] : ['rerunModel', 'rerunPolicy'];
  return ['compare', ...again, 'whatIf', 'report'];
}

export const COMMANDS: Readonly<Record<RunCommand, { label: string; hint: string; icon: IconName }>> = {
  resume: { label: 'Resume', hint: 'Go on from the last decision that was recorded', icon: 'debug-continue' },
  apply: { label: 'Apply', hint: 'Bring the result into the workspace', icon: 'git-merge' },
  discard: { label: 'Discard', hint: "Throw the run's copy of the folder away; the record stays", icon: 'trash' },
  pause: { label: 'Pause', hint: 'Stop after what is under way; the run can be resumed', icon: 'debug-pause' },
  cancel: { label: 'Cancel', hint: 'Stop the run', icon: 'debug-stop' },
  replay: { label: 'Replay', hint: 'Run the engine again on the record, without a model', icon: 'history' },
  verify: { label: 'Verify', hint: 'Check the hash chain and the stored content', icon: 'verified' },
  export: { label: 'Export', hint: 'Write the record and its content into one file', icon: 'export' },
  report: { label: 'Report', hint: 'Write a report for people, as HTML', icon: 'file-text' },
  compare: { label: 'Compare', hint: 'Compare this run with others', icon: 'diff' },
  rerunModel: {
    label: 'Re-run with Another Model',
    hint: 'The same task, on the folder as it is now',
    icon: 'debug-rerun',
  },
  rerunPolicy: {
    label: 'Re-run under Another Policy',
    hint: 'The same task, on the folder as it is now',
    icon: 'debug-rerun',
  },
  whatIf: {
    label: 'What If under Another Policy',
    hint: 'Which decisions would change, without a run',
    icon: 'question',
  },
};

const STATUSES: Readonly<Record<RunStatus, { word: string; icon: IconName; tone: Tone }>> = {
  running: { word: 'Running', icon: 'sync', tone: 'active' },
  paused: { word: 'Paused', icon: 'debug-pause', tone: 'warn' },
  interrupted: { word: 'Interrupted', icon: 'debug-disconnect', tone: 'warn' },
  cancelled: { word: 'Cancelled', icon: 'circle-slash', tone: 'warn' },
  succeeded: { word: 'Succeeded', icon: 'pass', tone: 'good' },
  failed: { word: 'Failed', icon: 'error', tone: 'bad' },
  stopped: { word: 'Stopped', icon: 'debug-stop', tone: 'warn' },
};

const WAITING = { word: 'Waiting for approval', icon: 'person', tone: 'warn' } as const;
const ASKED = { word: 'Waiting for your answer', icon: 'question', tone: 'warn' } as const;

/** The state of a run as word, icon and tone; a run that waits for an answer says so. */
export function statusOf(run: RunView): { word: string; icon: IconName; tone: Tone } {
  const [first] = isLive(run) ? run.approvals : [];
  if (first === undefined) return STATUSES[run.status];
  return first.question ? ASKED : WAITING;
}

/** The same for how it stood at an event. */
export function statusThen(moment: RunMoment): { word: string; icon: IconName; tone: Tone } {
  if (moment.status === 'waiting') return WAITING;
  // What turned then turns no more.
  return moment.status === 'running' ? { ...STATUSES.running, icon: 'debug-start' } : STATUSES[moment.status];
}
