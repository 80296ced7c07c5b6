/**
 * zod's messages in fifty languages, of which none but English is ever asked for: a quarter of the webview's script, which
 * would have to be parsed before the first picture of a timeline.
 */

/** An esbuild plugin; what zod calls `locales` has English alone. */
export const onlyEnglish = {
  name: 'zod-in-english',
  setup({ onLoad }) {
    onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: `export { default as en } from './en.js';`,
      loader: 'js',
    }));
  },
};
