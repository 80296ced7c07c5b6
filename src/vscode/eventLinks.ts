/** Links out of a run's documents to its events: `Event 12` at the beginning of a line leads to it in the timeline. */
import * as vscode from 'vscode';

/** The names of documents, as `Documents` gives them: the run's id is the folder. */
const OF_RUN = /^\/([A-Za-z0-9._-]+)\//;
const EVENT = /^(?:- )?(Event:? (\d{1,9}))\b/;

type Named = { readonly line: number; readonly from: number; readonly to: number; readonly seq: number };

/** Where a text names events: the line and the columns from 0, and the event. Pure. */
export function eventsNamed(text: string): Named[] {
  return text.split('\n').flatMap((content, line): Named[] => {
    const [all, words = '', seq = ''] = EVENT.exec(content) ?? [];
    if (all === undefined) return [];
    return [{ line, from: all.length - words.length, to: all.length, seq: Number(seq) }];
  });
}

export const eventLinks: vscode.DocumentLinkProvider = {
  provideDocumentLinks(document) {
    const [, runId] = OF_RUN.exec(document.uri.path) ?? [];
    if (runId === undefined) return [];
    return eventsNamed(document.getText()).map(({ line, from, to, seq }) => {
      const target = vscode.Uri.from({
        scheme: 'command',
        path: 'openexec.openTimeline',
        query: JSON.stringify([runId, seq]),
      });
      const link = new vscode.DocumentLink(new vscode.Range(line, from, line, to), target);
      link.tooltip = `Open event ${seq} in the timeline`;
      return link;
    });
  },
};
