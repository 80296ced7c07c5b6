/** The only module that imports @vscode/webview-ui-toolkit, so that it can be replaced here. */
export { VSCodeTextField as default } from '@vscode/webview-ui-toolkit/react';
