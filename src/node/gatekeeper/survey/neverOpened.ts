/** What the survey keeps git from opening: the globs of what is excluded, as pathspecs. Pure. */

/** More of them than this are no command line. */
const MOST = 1500;
const BRACES = /\{([^{}]*)\}/;
/** `!(a|b)` and the like, which git does not know: whatever stands there is left out, which is more and never less. */
const EXTENDED = /[!?*+@]\([^()]*\)/g;

/**
 * The pathspecs that leave out whatever the globs match (gitglossary, "pathspec"); null when one of them says more than git
 * understands, or there are too many: nothing is to be opened then.
 */
export function leavingOut(globs: readonly string[]): string[] | null {
  const all = new Set(globs.flatMap((glob) => alternativesOf(glob.replace(EXTENDED, '*'))));
  // What leaves out a folder leaves out what lies below it.
  const plain = [...all].filter((glob) => !(glob.endsWith('/**') && all.has(glob.slice(0, -3))));
  if (plain.length > MOST || plain.some((glob) => /[{}()]|^!/.test(glob))) return null;
  return plain.map((glob) => `:(exclude,icase,glob)${glob}`);
}

/** `*.{pem,key}` as `*.pem` and `*.key`. */
function alternativesOf(glob: string): string[] {
  const [all, inner] = BRACES.exec(glob) ?? [];
  if (all === undefined || inner === undefined || !inner.includes(',')) return [glob];
  return inner.split(',').flatMap((one) => alternativesOf(glob.replace(all, one)));
}
