/** The workbench's colours for what is drawn on a canvas, which has no style sheet. */
import { useEffect, useState } from 'react';

/** A number that rises whenever the colours may have changed: another theme, or the system's own colours. */
export function useThemeChanges(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const changed = (): void => setChanges((before) => before + 1);
    const observer = new MutationObserver(changed);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
    observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    const forced = matchMedia(FORCED);
    forced.addEventListener('change', changed);
    return () => {
      observer.disconnect();
      forced.removeEventListener('change', changed);
    };
  }, []);
  return changes;
}

const FORCED = '(forced-colors: active)';

/**
 * A function that gives the value of the first of some variables that the theme has, such as `--vscode-foreground`; where
 * the person has the system's own colours, the `system` colour instead.
 */
export function colours(): (system: string, ...variables: string[]) => string {
  const style = getComputedStyle(document.documentElement);
  const forced = matchMedia(FORCED).matches;
  return (system, ...variables) => {
    const named = variables.map((name) => style.getPropertyValue(name).trim()).find((value) => value !== '');
    return forced || named === undefined ? system : named;
  };
}
