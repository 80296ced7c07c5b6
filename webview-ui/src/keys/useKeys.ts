import { type RefObject, useEffect, useRef } from 'react';
import { assertNever } from '../../../src/protocol/events';
import type { TimelineActions } from '../actions';
import type { Fitting } from '../filter/filter';
import { jump, jumpFitting, jumpVisit } from '../play/jumps';
import type { TimelineState } from '../state';
import { actionOf, type KeyAction } from './keys';

type Keyed = {
  state: TimelineState;
  fitting: Fitting;
  /** The search field. */
  field: RefObject<HTMLInputElement>;
  actions: TimelineActions;
};

/** Listens for the timeline's keys wherever the focus is, except where somebody writes. */
export function useKeys(keyed: Keyed): void {
  const latest = useRef(keyed);
  latest.current = keyed;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || isWriting(event)) return;
      const action = actionOf(event.key);
      if (action === undefined || latest.current.state.log.length === 0) return;
      event.preventDefault();
      act(action, latest.current);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** True in fields, also those inside of the toolkit's own elements, and in lists that search by letters. */
function isWriting(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return target instanceof Element && target.matches('input, textarea, select, [contenteditable]');
}

function act(action: KeyAction, { state, fitting, field, actions }: Keyed): void {
  const { log, panes, playing, speed } = state;
  const at = state.selected ?? log.length - 1;
  const go = (seq: number | null): void => {
    if (seq !== null && log.has(seq)) actions.select(seq);
  };
  switch (action.kind) {
    case 'search':
      field.current?.focus();
      field.current?.select();
      break;
    case 'match':
      go(jumpFitting(fitting, at, action.direction));
      break;
    case 'event':
      go(at + action.direction);
      break;
    case 'visit':
      go(jumpVisit(log, at, action.direction));
      break;
    case 'jump':
      go(jump(log, at, action.to, action.direction));
      break;
    case 'play':
      actions.play(playing === null ? speed : null);
      break;
    case 'follow':
      actions.follow();
      break;
    case 'link':
      actions.copyLink(at);
      break;
    case 'pane':
      actions.showPane(action.pane, !panes.has(action.pane));
      break;
    default:
      assertNever(action);
  }
}
