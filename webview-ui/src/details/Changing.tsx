/** What the details need to show changes of files, to open them in the editor, and to go to their events. */
import { createContext, useContext } from 'react';
import type { TimelineActions } from '../actions';
import type { TimelineState } from '../state';

export type ChangingValue = Pick<TimelineState, 'changes'> &
  Pick<TimelineActions, 'askChange' | 'openDiff' | 'select'> & {
    /** Why files cannot be opened against what they are now; null when they can. */
    readonly noNow: string | null;
  };

const nothing = (): void => undefined;
const Context = createContext<ChangingValue>({
  changes: new Map(),
  askChange: nothing,
  openDiff: nothing,
  select: nothing,
  noNow: null,
});

export const Changing = Context.Provider;
export const useChanging = (): ChangingValue => useContext(Context);
