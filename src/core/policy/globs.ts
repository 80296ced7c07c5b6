/**
 * Path globs as matchers, compiled once. Globs match without regard to case, dot files included: a sensitive name stays one
 * in capitals. The `s` flag lets `**` pass a line break in a folder's name, which would otherwise hide what lies below it.
 */
import picomatch from 'picomatch';
import { globIndex } from './globIndex';

type Matcher = (path: string) => boolean;

/** Matchers that are kept; an editor that checks a policy at every key makes ever new globs. */
const KEPT = 4000;
const byGlob = new Map<string, Matcher>();
const byList = new WeakMap<readonly string[], Matcher>();

/** True when any of the globs matches the path. The list must not change after its first use. */
export function matchesAny(globs: readonly string[], path: string): boolean {
  let matcher = byList.get(globs);
  if (!matcher) {
    const inOneForm = globIndex(globs, matcherOf);
    matcher = (target) => inOneForm(normalized(target));
    byList.set(globs, matcher);
  }
  return matcher(path);
}

/** Names have two forms in Unicode, and a disk may have either. */
const normalized = (text: string): string => text.normalize('NFC');

function matcherOf(glob: string): Matcher {
  let matcher = byGlob.get(glob);
  if (!matcher) {
    if (byGlob.size >= KEPT) byGlob.clear();
    matcher = picomatch(normalized(glob), { dot: true, nocase: true, flags: 'is' });
    byGlob.set(glob, matcher);
  }
  return matcher;
}
