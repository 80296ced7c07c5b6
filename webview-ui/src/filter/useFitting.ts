import { useMemo, useRef } from 'react';
import type { EventLog } from '../log/log';
import type { TimelineState } from '../state';
import { type Filter, type Fitting, matches } from './filter';

const NONE: ReadonlySet<number> = new Set();

type Known = { log: EventLog; filter: Filter; found: ReadonlySet<number>; fitting: Fitting };

/** The events that fit what is searched and filtered for; of a run that grows only those that came are looked at. */
export function useFitting({ log, filter, found }: TimelineState): Fitting {
  const last = useRef<Known | null>(null);
  const seqs = found?.seqs ?? NONE;
  return useMemo(() => {
    const { current } = last;
    const grown = current !== null && current.filter === filter && current.found === seqs && log.continues(current.log);
    const before = grown ? { fitting: current.fitting, known: current.log.length } : undefined;
    const fitting = matches(log, filter, seqs, before);
    last.current = { log, filter, found: seqs, fitting };
    return fitting;
  }, [log, filter, seqs]);
}
