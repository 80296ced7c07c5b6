/**
 * The controls of the workbench. Those that a page begins with are plain: the toolkit's take long to be defined and to be
 * made. @vscode/webview-ui-toolkit (archived; the way out is @vscode-elements) is behind `toolkit.ts` alone, which is not
 * run before one of its controls is shown.
 */
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { Icon, type IconName } from './icons';

const ToolkitTextField = lazy(() => import('./toolkit'));

type ButtonProps = {
  children: ReactNode;
  onClick: () => void;
  icon?: IconName;
  primary?: boolean;
  disabled?: boolean;
  title?: string;
};

export function Button({ children, onClick, icon, primary = false, disabled = false, title }: ButtonProps) {
  return (
    <button
      type="button"
      className={primary ? 'button is-primary' : 'button'}
      disabled={disabled}
      onClick={onClick}
      title={title}
    >
      {icon === undefined ? null : (
        <span className="button-icon">
          <Icon name={icon} />
        </span>
      )}
      {children}
    </button>
  );
}

type ToggleProps = { children: ReactNode; icon: IconName; pressed: boolean; title: string; onClick: () => void };

/** A button that stays down. A plain one: the toolkit's does not hand on that it is. */
export function Toggle({ children, icon, pressed, title, onClick }: ToggleProps) {
  return (
    <button type="button" className="toggle" aria-pressed={pressed} title={title} onClick={onClick}>
      <span className="button-icon">
        <Icon name={icon} />
      </span>
      {children}
    </button>
  );
}

type IconButtonProps = { label: string; icon: IconName; onClick: () => void; disabled?: boolean };

/** A plain one: there are many of them, and the toolkit's take long to be made and to be switched off and on again. */
export function IconButton({ label, icon, onClick, disabled = false }: IconButtonProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}

type CheckboxProps = { children: ReactNode; checked: boolean; onChange: (checked: boolean) => void };

export function Checkbox({ children, checked, onChange }: CheckboxProps) {
  return (
    <label className="checkbox">
      <input type="checkbox" checked={checked} onChange={({ target }) => onChange(target.checked)} />
      <span>{children}</span>
    </label>
  );
}

type TextFieldProps = { label: string; value: string; placeholder: string; onInput: (value: string) => void };

export function TextField({ label, value, placeholder, onInput }: TextFieldProps) {
  const changed = ({ target }: { target: unknown }): void => onInput((target as HTMLInputElement).value);
  return (
    <Suspense fallback={null}>
      <ToolkitTextField value={value} placeholder={placeholder} maxlength={2000} onInput={changed as () => void}>
        {label}
      </ToolkitTextField>
    </Suspense>
  );
}

type TextAreaProps = {
  label: string;
  value: string;
  rows: number;
  /** Id of the element that says what is wrong with the text; none when nothing is. */
  problemId?: string;
  /** True when the person has just asked to write in it. */
  focused?: boolean;
  /** The most characters that can be written; any number, when left out. */
  limit?: number;
  onInput: (value: string) => void;
};

/** A plain one: the toolkit's does not hand on what says that its text is wrong. */
export function TextArea({ label, value, rows, problemId, focused = false, limit, onInput }: TextAreaProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (focused) area.current?.focus();
  }, [focused]);
  return (
    <label className="text-area">
      {label}
      <textarea
        ref={area}
        value={value}
        rows={rows}
        spellCheck={false}
        maxLength={limit}
        aria-invalid={problemId !== undefined}
        aria-describedby={problemId}
        onChange={({ target }) => onInput(target.value)}
      />
    </label>
  );
}

export function Progress({ label }: { label: string }) {
  return (
    <div className="progress">
      <span role="progressbar" aria-label={label} className="codicon codicon-loading codicon-modifier-spin" />
      <span>{label}</span>
    </div>
  );
}
