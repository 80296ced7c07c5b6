/** The manifest as people read it. */
import packageJson from '../../package.json';
import texts from '../../package.nls.json';

/** A copy of a manifest in which each %key% is the text of that key; a key without a text stays, as in VS Code. */
export function withTexts<T>(manifest: T, of: Readonly<Record<string, string>>): T {
  return JSON.parse(JSON.stringify(manifest), (_, value: unknown) => {
    const key = typeof value === 'string' ? /^%([\w.-]+)%$/.exec(value)?.[1] : undefined;
    return key === undefined ? value : (of[key] ?? value);
  }) as T;
}

/** package.json in English. */
export const manifest = withTexts(packageJson, texts);
