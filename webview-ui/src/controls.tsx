/**
 * The controls of the workbench. The only module that imports @vscode/webview-ui-toolkit (archived; the way out is
 * @vscode-elements), so that it can be replaced here.
 */
import { VSCodeButton, VSCodeCheckbox, VSCodeProgressRing, VSCodeTextField } from '@vscode/webview-ui-toolkit/react';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icons';

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
    <VSCodeButton
      appearance={primary ? 'primary' : 'secondary'}
      disabled={disabled}
      onClick={onClick}
      title={title ?? ''}
    >
      {children}
      {icon === undefined ? null : (
        <span slot="start" className="button-icon">
          <Icon name={icon} />
        </span>
      )}
    </VSCodeButton>
  );
}

type IconButtonProps = { label: string; icon: IconName; onClick: () => void; disabled?: boolean };

export function IconButton({ label, icon, onClick, disabled = false }: IconButtonProps) {
  return (
    <VSCodeButton appearance="icon" aria-label={label} title={label} disabled={disabled} onClick={onClick}>
      <Icon name={icon} />
    </VSCodeButton>
  );
}

type CheckboxProps = { children: ReactNode; checked: boolean; onChange: (checked: boolean) => void };

export function Checkbox({ children, checked, onChange }: CheckboxProps) {
  const changed = ({ target }: { target: unknown }): void => onChange((target as HTMLInputElement).checked);
  return (
    <VSCodeCheckbox checked={checked} onChange={changed as () => void}>
      {children}
    </VSCodeCheckbox>
  );
}

type TextFieldProps = { label: string; value: string; placeholder: string; onInput: (value: string) => void };

export function TextField({ label, value, placeholder, onInput }: TextFieldProps) {
  const changed = ({ target }: { target: unknown }): void => onInput((target as HTMLInputElement).value);
  return (
    <VSCodeTextField value={value} placeholder={placeholder} maxlength={2000} onInput={changed as () => void}>
      {label}
    </VSCodeTextField>
  );
}

export function Progress({ label }: { label: string }) {
  return (
    <div className="progress">
      <VSCodeProgressRing aria-label={label} />
      <span>{label}</span>
    </div>
  );
}
