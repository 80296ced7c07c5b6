/** Trailers at the end of a commit message, as `git interpret-trailers` reads them. git itself is not asked to add them: it would run commands that its settings name. */

const TRAILER = /^[A-Za-z0-9][A-Za-z0-9-]*: \S/;

/** The message with trailers as its last paragraph, beside those that it has. */
export function withTrailers(message: string, trailers: readonly (readonly [name: string, value: string])[]): string {
  const text = message.replace(/\r\n?/g, '\n').trim();
  const paragraphs = text.split(/\n{2,}/);
  const last = paragraphs.at(-1) ?? '';
  const goesOn = paragraphs.length > 1 && last.split('\n').every((line) => TRAILER.test(line));
  const lines = trailers.map(([name, value]) => `${name}: ${value}`).join('\n');
  return `${text}${goesOn ? '\n' : '\n\n'}${lines}\n`;
}
