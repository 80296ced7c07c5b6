/** The open menu: it takes the focus when it comes, and stays within the page. */
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { Icon, type IconName } from '../icons';
import { itemForKey } from './keys';

export type MenuItem = {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly icon: IconName;
  readonly onChoose: () => void;
  /** True for the first of a group, with a line above it. */
  readonly opensGroup?: boolean;
};

type MenuListProps = {
  id: string;
  label: string;
  items: readonly MenuItem[];
  /** `refocus`: the button has the focus again. */
  onClose: (refocus: boolean) => void;
};

/** Pixels that stay free between the menu and the edge of the page. */
const MARGIN = 8;

export function MenuList({ id, label, items, onClose }: MenuListProps) {
  const [shift, setShift] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (list.current === null) return;
    const left = list.current.parentElement?.getBoundingClientRect().left ?? 0;
    const room = document.documentElement.clientWidth - MARGIN - list.current.offsetWidth;
    setShift(Math.max(MARGIN, Math.min(left, room)) - left);
    entries(list.current)[0]?.focus();
  }, []);
  const pressed = (event: KeyboardEvent): void => {
    // The timeline has keys of its own, which are not meant here.
    event.stopPropagation();
    if (event.key === 'Tab') onClose(false);
    if (event.key === 'Escape') onClose(true);
    const all = list.current === null ? [] : entries(list.current);
    const labels = items.map((item) => item.label);
    const next = itemForKey(event.key, all.indexOf(document.activeElement as HTMLElement), labels);
    if (next === null) return;
    event.preventDefault();
    all[next]?.focus();
  };
  return (
    <div
      id={id}
      ref={list}
      role="menu"
      aria-label={label}
      className="menu-list"
      style={{ left: shift }}
      tabIndex={-1}
      onKeyDown={pressed}
    >
      {items.map((item) => (
        <button
          key={item.id}
          type="button"
          role="menuitem"
          tabIndex={-1}
          title={item.hint}
          className={`menu-item${item.opensGroup === true ? ' opens-group' : ''}`}
          onClick={() => {
            onClose(true);
            item.onChoose();
          }}
        >
          <Icon name={item.icon} />
          {item.label}
        </button>
      ))}
    </div>
  );
}

const entries = (list: HTMLElement): HTMLElement[] => [...list.querySelectorAll<HTMLElement>('[role="menuitem"]')];
