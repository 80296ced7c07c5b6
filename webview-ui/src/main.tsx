/** The webview's entry: styles, the host, the root component. */
import '@vscode/codicons/dist/codicon.css';
import './styles.css';
import { lazy, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { connect, type VsCodeApi } from './host';

// Parts of the one script that are not run where the page is a timeline.
const CompareApp = lazy(() => import('./compare/CompareApp').then((module) => ({ default: module.CompareApp })));
const LedgerApp = lazy(() => import('./ledger/LedgerApp').then((module) => ({ default: module.LedgerApp })));

declare function acquireVsCodeApi(): VsCodeApi;

const root = document.getElementById('root');
if (root !== null) {
  const api = acquireVsCodeApi();
  const { page, layout: wanted } = root.dataset;
  const layout = wanted === 'compact' ? 'compact' : 'full';
  createRoot(root).render(
    <Suspense>
      {page === 'ledger' ? (
        <LedgerApp api={api} incoming={window} />
      ) : page === 'compare' ? (
        <CompareApp api={api} incoming={window} />
      ) : (
        <App host={connect(api, window)} layout={layout} />
      )}
    </Suspense>,
  );
}
