/** Tests beside code: which file is the test of which, by the usual names. Pure. */

const TEST = [/^(.+)[._-](?:test|spec)$/, /^test_(.+)$/, /^(.+)Tests?$/];

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The file's name without its last ending. */
const stemOf = (path: string): string => {
  const name = nameOf(path);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
};

/** What a file's name says it tests, or null. */
function testedBy(path: string): string | null {
  const stem = stemOf(path);
  if (!/test|spec/i.test(stem)) return null;
  for (const pattern of TEST) {
    const tested = pattern.exec(stem)?.[1];
    if (tested !== undefined) return tested;
  }
  return null;
}

const NEAR = 4;

/** Answers for each file which are its tests: of those with its name the ones that lie nearest, at most four. */
export function testFinder(files: readonly string[]): (source: string) => readonly string[] {
  const byTested = new Map<string, string[]>();
  for (const path of files) {
    const tested = testedBy(path);
    if (tested !== null) byTested.set(tested, [...(byTested.get(tested) ?? []), path]);
  }
  return (source) => {
    const tests = (byTested.get(stemOf(source)) ?? [])
      .filter((test) => test !== source)
      .map((test) => ({ test, shared: sharedFolders(test, source) }));
    const nearest = Math.max(...tests.map(({ shared }) => shared));
    return tests
      .filter(({ shared }) => shared === nearest)
      .slice(0, NEAR)
      .map(({ test }) => test);
  };
}

function sharedFolders(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  let shared = 0;
  while (shared < left.length - 1 && left[shared] === right[shared]) shared++;
  return shared;
}
