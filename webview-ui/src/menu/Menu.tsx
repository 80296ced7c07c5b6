/** A button with a menu under it, by mouse and by keyboard, as the workbench's own are. */
import { useEffect, useId, useRef, useState } from 'react';
import { Icon, type IconName } from '../icons';
import { type MenuItem, MenuList } from './MenuList';

export function Menu({ label, icon, items }: { label: string; icon: IconName; items: readonly MenuItem[] }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const whole = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    const away = ({ target }: Event): void => {
      if (!(target instanceof Node && whole.current?.contains(target))) setOpen(false);
    };
    const left = (): void => setOpen(false);
    document.addEventListener('pointerdown', away);
    window.addEventListener('blur', left);
    return () => {
      document.removeEventListener('pointerdown', away);
      window.removeEventListener('blur', left);
    };
  }, [open]);

  const close = (refocus: boolean): void => {
    setOpen(false);
    if (refocus) button.current?.focus();
  };
  return (
    <div className="menu" ref={whole}>
      <button
        ref={button}
        type="button"
        className="menu-button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          event.stopPropagation();
          setOpen(true);
        }}
      >
        <Icon name={icon} />
      </button>
      {open ? <MenuList id={id} label={label} items={items} onClose={close} /> : null}
    </div>
  );
}
