/** Native controls with the interface of webview-ui/src/controls.tsx, for rendering without a document. */
import type * as controls from '../../webview-ui/src/controls';

export const Button: typeof controls.Button = ({ children, onClick, disabled, title }) => (
  <button type="button" disabled={disabled} title={title} onClick={onClick}>
    {children}
  </button>
);

export const Toggle: typeof controls.Toggle = ({ children, pressed, onClick }) => (
  <button type="button" aria-pressed={pressed} onClick={onClick}>
    {children}
  </button>
);

export const IconButton: typeof controls.IconButton = ({ label, onClick, disabled }) => (
  <button type="button" aria-label={label} disabled={disabled} onClick={onClick} />
);

export const Checkbox: typeof controls.Checkbox = ({ children, checked, onChange }) => (
  <label>
    <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
    {children}
  </label>
);

export const TextField: typeof controls.TextField = ({ label, value, onInput }) => (
  <input aria-label={label} value={value} onChange={(event) => onInput(event.target.value)} />
);

export const TextArea: typeof controls.TextArea = ({ label, value, problemId, onInput }) => (
  <textarea
    aria-label={label}
    aria-invalid={problemId !== undefined}
    aria-describedby={problemId}
    value={value}
    onChange={(event) => onInput(event.target.value)}
  />
);

export const Progress: typeof controls.Progress = ({ label }) => <p>{label}</p>;
