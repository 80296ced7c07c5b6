/**
 * The page of the timeline: strict content security policy, one script, one style sheet, nothing inline. The toolkit
 * looks for the nonce in a `csp-nonce` meta element: it asks with a style element of its own whether the browser knows
 * `:focus-visible`, and without the nonce it would fall back to focus rings at every click.
 */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** Where the webview's bundle lies, and the only folder it may load from. */
export const webviewRoot = (extension: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(extension, 'dist', 'webview');

/** Which page the script shows, its title, and how much room it has: little in the side bar. */
export type Page = {
  readonly id: 'timeline' | 'ledger' | 'compare';
  readonly title: string;
  readonly layout?: 'compact';
};
const TIMELINE: Page = { id: 'timeline', title: 'OpenExec timeline' };

export function timelineHtml(webview: vscode.Webview, extension: vscode.Uri, page: Page = TIMELINE): string {
  const nonce = randomBytes(16).toString('base64');
  const file = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(webviewRoot(extension), name)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<link rel="stylesheet" href="${file('main.css')}">
<title>${page.title}</title>
</head>
<body>
<div id="root" data-page="${page.id}" data-layout="${page.layout ?? 'full'}"></div>
<script nonce="${nonce}" src="${file('main.js')}"></script>
</body>
</html>`;
}
