/** Links to an event of a run: `vscode://PUBLISHER.NAME/run/RUN/SEQ`, or to the run as a whole without the last part. Pure. */
import { OpenExecError } from '../../core/kernel/errors';
import { err, ok, type Result } from '../../core/kernel/result';

export type RunLink = { readonly runId: string; readonly seq: number | null };

/** The letters of a run's id, as the store allows them; `%` and `/` are none of them, so that nothing has to be decoded. */
const PATH = /^\/run\/(?!\.+(?:\/|$))([A-Za-z0-9._-]{1,100})(?:\/(0|[1-9]\d{0,8}))?$/;

/** The path of the link, which `parseLink` reads. */
export const linkPath = ({ runId, seq }: RunLink): string => `/run/${runId}${seq === null ? '' : `/${seq}`}`;

/** What a link's path names; the error says in one line what a link looks like. */
export function parseLink(path: string): Result<RunLink, OpenExecError> {
  const [, runId, seq] = PATH.exec(path) ?? [];
  if (runId !== undefined) return ok({ runId, seq: seq === undefined ? null : Number(seq) });
  const shown = JSON.stringify(path.slice(0, 120));
  return err(
    new OpenExecError(
      'usage',
      `The link ${shown} names no run. Copy it again in a timeline: it ends in /run/RUN/EVENT.`,
    ),
  );
}
