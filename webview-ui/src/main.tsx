/** The webview's entry: styles, the host, the root component. */
import '@vscode/codicons/dist/codicon.css';
import './styles.css';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { CompareApp } from './compare/CompareApp';
import { connect, type VsCodeApi } from './host';
import { LedgerApp } from './ledger/LedgerApp';

declare function acquireVsCodeApi(): VsCodeApi;

const root = document.getElementById('root');
if (root !== null) {
  const api = acquireVsCodeApi();
  const { page, layout: wanted } = root.dataset;
  const layout = wanted === 'compact' ? 'compact' : 'full';
  createRoot(root).render(
    page === 'ledger' ? (
      <LedgerApp api={api} incoming={window} />
    ) : page === 'compare' ? (
      <CompareApp api={api} incoming={window} />
    ) : (
      <App host={connect(api, window)} layout={layout} />
    ),
  );
}
