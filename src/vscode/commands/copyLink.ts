import * as vscode from 'vscode';
import { info } from '../messages';
import { linkPath } from '../timeline/link';
import { type Command, runIdOf } from './context';

/** "Copy Link": of a run, or of one of its events, for whoever has the run in a window of theirs. */
export const copyLink: Command = async ({ extensionId }, run, seq) => {
  // From a menu comes what else is selected, which is no event.
  const at = typeof seq === 'number' ? seq : null;
  const path = linkPath({ runId: runIdOf(run), seq: at });
  const link = vscode.Uri.from({ scheme: vscode.env.uriScheme, authority: extensionId, path });
  await vscode.env.clipboard.writeText(link.toString());
  void info(
    `OpenExec: copied the link to ${at === null ? 'the run' : `event ${at}`}. It opens where the run is listed.`,
  );
};
