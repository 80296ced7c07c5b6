/** A file as a run had it after one of its events, in VS Code's own difference editor. */
import * as vscode from 'vscode';
import type { FileVersion } from '../../core/events/parts';
import { OpenExecError } from '../../core/kernel/errors';
import type { WebviewMessage } from '../../protocol/messages';
import type { Documents, Side } from '../documents';
import { exactLine } from '../exactText';
import type { Runs } from '../runs';
import { notShown } from './notShown';

type Asked = Pick<Extract<WebviewMessage, { type: 'openDiff' }>, 'runId' | 'seq' | 'path' | 'against'>;

type DiffContext = {
  readonly runs: Pick<Runs, 'event' | 'events' | 'moment' | 'summary' | 'textByHash'>;
  readonly documents: Pick<Documents, 'diff'>;
};

/**
 * Opens the file as it was after the event against what it was before that event's change, at the run's start, or is now in the
 * workspace; where there was no file, its side is empty. The older side stands on the left. Throws `run_unknown` when the record
 * names no such change, `blob_missing` when a content cannot be shown, `no_folder` when the run's folder is not here.
 */
export async function openDiff(asked: Asked, { runs, documents }: DiffContext): Promise<void> {
  const { runId, seq, path, against } = asked;
  const versions = await versionsOf(asked, runs);
  const event = `event ${seq}`;
  const shown = (version: FileVersion | null, when: string) => sideOf({ runId, path }, version, when, runs);
  const here = await shown(versions.at, `after ${event}`);
  const title = (left: string, right: string): string =>
    `${exactLine(path.split('/').at(-1) ?? path)} (${left} ↔ ${right})`;
  if (against === 'now') return documents.diff([here, await fileNow(asked, runs)], title(event, 'now'));
  const when = against === 'base' ? 'at the start' : `before ${event}`;
  const older = await shown(against === 'base' ? await versions.base() : versions.before(), when);
  return documents.diff([older, here], title(when, event));
}

type Version = FileVersion | null;

type Versions = {
  /** After the event. */
  readonly at: Version;
  /** Before the change that the event is; throws when it is none. */
  readonly before: () => Version;
  readonly base: () => Promise<Version>;
};

/** What the record says of a file around an event; null for a version stands for no file. */
async function versionsOf({ runId, seq, path }: Asked, runs: DiffContext['runs']): Promise<Versions> {
  const event = await runs.event(runId, seq);
  const own = event.type === 'file.changed' && event.data.path === path ? event.data : null;
  const { files, moreFiles } = await runs.moment(runId, seq);
  const then = files.find((file) => file.path === path);
  const base = async (): Promise<Version> => (then === undefined ? firstBefore({ runId, path }, runs) : then.before);
  if (own !== null) return { at: own.after, before: () => own.before, base };
  const before = (): never => {
    throw new OpenExecError(
      'run_unknown',
      `Event ${seq} did not change ${exactLine(path)}; open it against the start.`,
    );
  };
  if (then !== undefined) return { at: then.after, before, base };
  const more = moreFiles > 0 ? ' among the files that are listed' : '';
  throw new OpenExecError('run_unknown', `${exactLine(path)} is not changed at event ${seq}${more}.`);
}

/** What the file was before the run's first change of it. */
async function firstBefore(
  { runId, path }: Pick<Asked, 'runId' | 'path'>,
  runs: DiffContext['runs'],
): Promise<Version> {
  for await (const { type, data } of runs.events(runId, 0)) {
    if (type === 'file.changed' && data.path === path) return data.before;
  }
  return null;
}

async function sideOf(
  { runId, path }: Pick<Asked, 'runId' | 'path'>,
  version: Version,
  when: string,
  runs: DiffContext['runs'],
): Promise<Side> {
  const side = (text: string): Side => ({ folder: `${runId}/${when}`, name: path, text });
  if (version === null) return side('');
  const text = version.kept ? await runs.textByHash(runId, version.sha256) : undefined;
  if (text !== undefined) return side(text);
  throw new OpenExecError(
    'blob_missing',
    `${exactLine(path)} cannot be shown: its content ${when} ${notShown(version)}.`,
  );
}

/** The file in the folder that the run was started in; an empty text when it is not there any more. */
async function fileNow({ runId, path }: Asked, runs: DiffContext['runs']): Promise<Side | vscode.Uri> {
  const { imported } = await runs.summary(runId);
  if (imported) throw new OpenExecError('no_folder', 'The run was recorded elsewhere: its folder is not here.');
  const started = await runs.event(runId, 0);
  if (started.type !== 'run.started') throw new OpenExecError('event_invalid', 'The run does not say where it began.');
  const root = vscode.Uri.file(started.data.workspace.root);
  if (!is(vscode.FileType.Directory, await kindOf(root)))
    throw new OpenExecError('no_folder', `The folder of the run is not there any more: ${exactLine(root.fsPath)}`);
  if (isOutside(path)) throw new OpenExecError('no_folder', `${exactLine(path)} is not in the folder of the run.`);
  const file = vscode.Uri.joinPath(root, path);
  const kind = await kindOf(file);
  if (kind === null) return { folder: `${runId}/now`, name: path, text: '' };
  if (is(vscode.FileType.File, kind)) return file;
  throw new OpenExecError('no_folder', `${exactLine(path)} is no file now.`);
}

/** A record of another origin may name what it likes. */
const isOutside = (path: string): boolean => /^([/\\]|[A-Za-z]:)/.test(path) || path.split(/[/\\]/).includes('..');

/** True also for a symbolic link to one. */
const is = (wanted: vscode.FileType, kind: vscode.FileType | null): boolean => ((kind ?? 0) & wanted) !== 0;

/** Null when there is nothing. */
const kindOf = (uri: vscode.Uri): PromiseLike<vscode.FileType | null> =>
  vscode.workspace.fs.stat(uri).then(
    ({ type }) => type,
    () => null,
  );
