/** Sharing what is shown: a link to the selected event, and a picture of the view. */
import { useMemo, useRef } from 'react';
import { MAX_IMAGE } from '../../../src/protocol/messages';
import type { TimelineActions } from '../actions';
import type { TimelineState } from '../state';
import { pageLayout, rowsAround } from './pageLayout';
import { measureIn, pngOf } from './paint';

export type Share = { readonly copyLink: () => void; readonly saveImage: () => void };

/** `fitting` as of the list. What is answered stays the same while the run does. */
export function useShare(
  state: TimelineState,
  fitting: Uint32Array | null,
  actions: Pick<TimelineActions, 'copyLink' | 'saveImage'>,
): Share {
  const now = useRef({ state, fitting });
  now.current = { state, fitting };
  return useMemo(
    () => ({
      copyLink: () => actions.copyLink(now.current.state.selected ?? 0),
      saveImage: () => {
        const png = pictureOf(now.current.state, now.current.fitting);
        if (png !== null) actions.saveImage(png);
      },
    }),
    [actions],
  );
}

function pictureOf({ run, log, selected }: TimelineState, fitting: Uint32Array | null): string | null {
  if (run === null) return null;
  const strip = document.querySelector<HTMLCanvasElement>('.strip canvas');
  const style = getComputedStyle(document.body);
  const type = { family: style.fontFamily, size: 13 };
  const page = pageLayout(
    {
      run,
      rows: rowsAround(log, fitting, selected),
      selected,
      events: log.length,
      strip: strip === null || strip.width === 0 ? null : { width: strip.clientWidth, height: strip.clientHeight },
    },
    measureIn(type),
  );
  return pngOf(page, strip, type, MAX_IMAGE);
}
