/** JUnit XML on standard output, as the `junit` reporters of vitest, mocha, node:test and others print it. */
import { parseXml, XmlElement } from '@rgrove/parse-xml';
import { messageFrom, placeIn, tidyPath } from '../lines';
import { doubted, failed, isFileName, sumOf, type Tally, type TestFailure, type TestRun } from './format';

/** The runs of all documents in a text, or null when there is none that is whole or tells of a failure. */
export function junitRun(text: string): TestRun | null {
  const { whole, torn } = documentsIn(text);
  const roots = whole.map((document) => rootOf(document) ?? document);
  const read = roots.filter((root) => typeof root !== 'string');
  const broken = [...roots.filter((root) => typeof root === 'string'), ...torn].flatMap((part) => brokenTally(part));
  const tally = sumOf([...read.map(tallyOf), ...broken]);
  if (tally === null) return null;
  return { tool: 'junit', ...tally, failures: read.flatMap((root) => casesOf(root).flatMap(failureOf)) };
}

/** The run of one document that a file holds; one that cannot be read is a failure. */
export function junitFile(text: string, name: string): TestRun {
  const run = junitRun(text);
  const unreadable = failed(name, { file: name, line: null }, 'the report is not a whole JUnit document');
  return run ?? { tool: 'junit', ...doubted(1), failures: [unreadable] };
}

/** What cannot be read as XML has no passes; the failures that it tells of are not lost. */
function brokenTally(part: string): Tally[] {
  const count = part.match(/<(?:failure|error)[\s/>]/g)?.length ?? 0;
  return count === 0 ? [] : [doubted(count)];
}

/**
 * Every `<testsuites>` or `<testsuite>` at the start of a line with all that is in it, and the rest from the first one
 * that is not closed on.
 */
function documentsIn(text: string): { readonly whole: string[]; readonly torn: string[] } {
  const whole: string[] = [];
  for (let from = 0; ; ) {
    const start = nextRoot(text, from);
    if (start === null) return { whole, torn: [] };
    const end = `</${start.name}>`;
    const last = start.name === 'testsuites' ? text.indexOf(end, start.at) : endOfSuite(text, start.at);
    if (last < 0) return { whole, torn: [text.slice(start.at)] };
    whole.push(text.slice(start.at, last + end.length));
    from = last + end.length;
  }
}

function nextRoot(text: string, from: number): { name: 'testsuites' | 'testsuite'; at: number } | null {
  const root = /^<(testsuites|testsuite)(?=[\s>])/gm;
  root.lastIndex = from;
  const match = root.exec(text);
  return match === null ? null : { name: match[1] === 'testsuites' ? 'testsuites' : 'testsuite', at: match.index };
}

/** Suites can be in suites: the end tag that closes as many as were opened. */
function endOfSuite(text: string, from: number): number {
  const tag = /<testsuite(?=[\s>])|<\/testsuite>/g;
  tag.lastIndex = from;
  let open = 0;
  for (let match = tag.exec(text); match !== null; match = tag.exec(text)) {
    open += match[0] === '</testsuite>' ? -1 : 1;
    if (open === 0) return match.index;
  }
  return -1;
}

function rootOf(document: string): XmlElement | null {
  try {
    return parseXml(document, { ignoreUndefinedEntities: true }).root;
  } catch {
    return null;
  }
}

function elementsOf(root: XmlElement): XmlElement[] {
  const found = [root];
  for (let at = 0; at < found.length; at++) {
    for (const child of found[at]?.children ?? []) if (child instanceof XmlElement) found.push(child);
  }
  return found;
}

const casesOf = (root: XmlElement): XmlElement[] => elementsOf(root).filter((element) => element.name === 'testcase');

const childOf = (element: XmlElement, ...names: string[]): XmlElement | undefined =>
  element.children.find((child) => child instanceof XmlElement && names.includes(child.name)) as XmlElement | undefined;

function verdictOf(test: XmlElement): keyof Tally {
  // A test that is expected to fail (`todo`) is reported as skipped and with its failure.
  if (childOf(test, 'skipped') !== undefined) return 'skipped';
  return childOf(test, 'failure', 'error') === undefined ? 'passed' : 'failed';
}

function tallyOf(root: XmlElement): Tally {
  const tally = { passed: 0, failed: 0, skipped: 0 };
  for (const test of casesOf(root)) {
    // node:test reports a file in which no test was reported as a test that passed.
    const isFile = test.parent === root && isFileName(test.attributes.name ?? '');
    const verdict = verdictOf(test);
    if (verdict !== 'passed' || !isFile) tally[verdict]++;
  }
  const { failures = '0', errors = '0' } = root.attributes;
  const claimed = /^\d{1,9}$/.test(failures) && /^\d{1,9}$/.test(errors) ? Number(failures) + Number(errors) : 0;
  return { ...tally, failed: Math.max(tally.failed, claimed) };
}

function failureOf(test: XmlElement): TestFailure[] {
  const failure = childOf(test, 'failure', 'error');
  if (failure === undefined || verdictOf(test) !== 'failed') return [];
  const { classname, name = '', file, line } = test.attributes;
  const { message = '' } = failure.attributes;
  const told = failure.text.split('\n');
  const stated =
    file === undefined ? null : { file: tidyPath(file), line: /^\d{1,7}$/.test(line ?? '') ? Number(line) : null };
  const full = classname === undefined || classname === 'test' ? name : `${classname} ${name}`;
  return [failed(full, stated ?? placeIn(told), messageFrom([message, ...told]))];
}
