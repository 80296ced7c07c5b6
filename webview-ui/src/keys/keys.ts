/** The keys of the timeline: what each does, and the words that the list of keys has for it. Pure. */
import type { Jump } from '../play/jumps';
import type { Pane } from '../state';

/** What a key asks for, wherever the focus is, except in a field. */
export type KeyAction =
  | { readonly kind: 'search' }
  | { readonly kind: 'match'; readonly direction: 1 | -1 }
  | { readonly kind: 'event'; readonly direction: 1 | -1 }
  | { readonly kind: 'visit'; readonly direction: 1 | -1 }
  | { readonly kind: 'jump'; readonly to: Jump; readonly direction: 1 | -1 }
  | { readonly kind: 'play' }
  | { readonly kind: 'follow' }
  | { readonly kind: 'link' }
  | { readonly kind: 'pane'; readonly pane: Pane };

const GLOBAL: Readonly<Record<string, KeyAction>> = {
  '/': { kind: 'search' },
  n: { kind: 'match', direction: 1 },
  N: { kind: 'match', direction: -1 },
  j: { kind: 'event', direction: 1 },
  k: { kind: 'event', direction: -1 },
  ']': { kind: 'visit', direction: 1 },
  '[': { kind: 'visit', direction: -1 },
  d: { kind: 'jump', to: 'denial', direction: 1 },
  D: { kind: 'jump', to: 'denial', direction: -1 },
  f: { kind: 'jump', to: 'failure', direction: 1 },
  F: { kind: 'jump', to: 'failure', direction: -1 },
  a: { kind: 'jump', to: 'approval', direction: 1 },
  A: { kind: 'jump', to: 'approval', direction: -1 },
  c: { kind: 'jump', to: 'change', direction: 1 },
  C: { kind: 'jump', to: 'change', direction: -1 },
  p: { kind: 'play' },
  l: { kind: 'follow' },
  y: { kind: 'link' },
  g: { kind: 'pane', pane: 'graph' },
  m: { kind: 'pane', pane: 'moment' },
  s: { kind: 'pane', pane: 'charts' },
  r: { kind: 'pane', pane: 'check' },
  '?': { kind: 'pane', pane: 'keys' },
};

/** What a key asks for; undefined for one that means nothing. */
export const actionOf = (key: string): KeyAction | undefined => (Object.hasOwn(GLOBAL, key) ? GLOBAL[key] : undefined);

type KeyLine = { readonly keys: readonly string[]; readonly words: string };
export type KeyGroup = { readonly title: string; readonly lines: readonly KeyLine[] };

/** Every key, for people. */
export const KEYS: readonly KeyGroup[] = [
  {
    title: 'Anywhere',
    lines: [
      { keys: ['/'], words: 'Search' },
      { keys: ['n', 'N'], words: 'Next or previous match' },
      { keys: ['j', 'k'], words: 'Next or previous event' },
      { keys: [']', '['], words: 'Next or previous node' },
      { keys: ['d', 'D'], words: 'Next or previous denial' },
      { keys: ['f', 'F'], words: 'Next or previous failure' },
      { keys: ['a', 'A'], words: 'Next or previous approval' },
      { keys: ['c', 'C'], words: 'Next or previous file change' },
      { keys: ['p'], words: 'Play or pause' },
      { keys: ['l'], words: 'Jump to the end, and follow a live run' },
      { keys: ['y'], words: 'Copy a link to the event' },
      { keys: ['g', 'm'], words: 'Show or hide the graph, the state at the event' },
      { keys: ['s', 'r'], words: 'Show or hide what was spent, replay and verify' },
      { keys: ['?'], words: 'Show or hide these keys' },
    ],
  },
  {
    title: 'On the strip',
    lines: [
      { keys: ['←', '→'], words: 'Previous or next event; with Shift ten' },
      { keys: ['Page Up', 'Page Down'], words: 'A twentieth of the run' },
      { keys: ['Home', 'End'], words: 'First or last event' },
      { keys: ['+', '-', '0'], words: 'Zoom in, out, show the whole run' },
      { keys: ['x'], words: 'Begin a stretch here, end it with x at another event' },
      { keys: ['Esc'], words: 'Show the whole run in the list again' },
    ],
  },
  {
    title: 'In the list',
    lines: [
      { keys: ['↑', '↓'], words: 'Walk what is shown' },
      { keys: ['←', '→'], words: 'Previous or next event' },
      { keys: ['Enter'], words: 'Fold or unfold the node' },
    ],
  },
  {
    title: 'In the search',
    lines: [
      { keys: ['Enter', 'Shift+Enter'], words: 'Next or previous match' },
      { keys: ['Esc'], words: 'Clear the search, then leave it' },
    ],
  },
];
