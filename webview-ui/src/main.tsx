/** The webview's entry: styles, the host, the root component. */
import '@vscode/codicons/dist/codicon.css';
import './styles.css';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { connect, type VsCodeApi } from './host';

declare function acquireVsCodeApi(): VsCodeApi;

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App host={connect(acquireVsCodeApi(), window)} />);
