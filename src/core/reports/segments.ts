/**
 * One output of several programs, taken apart: a workspace's packages are tested one after another (npm says which with
 * a header) or at once (pnpm, turbo and yarn put the package's name before each line).
 */

/** `> name@1.0.0 test`, as npm, pnpm and yarn announce a script. */
const SCRIPT = /^> \S+@\S+ \S+(?: \S+)?$/;
const PREFIXES: readonly RegExp[] = [
  /^(\S+ [\w:.-]+)\$ /, // pnpm -r: `packages/a test$ vitest run`
  /^(\S+:[\w.-]+): cache /, // turbo: `a:test: cache miss, executing …`
  /^(\[\S+\]): Process started$/, // yarn workspaces foreach
];

/** The lines of each program that ran, in order; the lines of programs that ran at once are put together. */
export function segmentsOf(lines: readonly string[]): string[][] {
  return byPrefix(lines).flatMap(byHeader);
}

function byPrefix(lines: readonly string[]): string[][] {
  const groups = new Map<string, string[]>();
  const own: string[] = [];
  for (const line of lines) {
    const announced = PREFIXES.map((prefix) => prefix.exec(line)?.[1]).find((name) => name !== undefined);
    if (announced !== undefined) groups.set(announced, groups.get(announced) ?? []);
    const prefix = prefixOf(line, groups);
    const group = prefix === null ? own : (groups.get(prefix) ?? own);
    group.push(prefix === null ? line : line.slice(prefix.length + 2));
  }
  return [own, ...groups.values()];
}

/** The announced name that a line starts with. It ends at one of the first colons, so only those are tried. */
function prefixOf(line: string, groups: ReadonlyMap<string, unknown>): string | null {
  if (groups.size === 0) return null;
  for (let at = line.indexOf(':'), tries = 0; at >= 0 && tries < 3; at = line.indexOf(':', at + 1), tries++) {
    if (groups.has(line.slice(0, at))) return line.slice(0, at);
  }
  return null;
}

function byHeader(lines: readonly string[]): string[][] {
  const segments: string[][] = [[]];
  for (const line of lines) {
    if (SCRIPT.test(line)) segments.push([]);
    segments.at(-1)?.push(line);
  }
  return segments.filter((segment) => segment.length > 0);
}
