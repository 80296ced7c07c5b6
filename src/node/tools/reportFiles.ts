/**
 * The JUnit documents that Gradle and Maven write beside an output that says nothing of tests. Only what a command
 * itself wrote counts: a file is taken when it was not there before the command or is another one now.
 */
import type { ReportFile } from '../../core/reports/parseTests';
import { byCodeUnit } from './context';
import { readFolder, readOpened } from './opened';

const BUILD_FILES = /^(?:pom\.xml|(?:build|settings)\.gradle(?:\.kts)?)$/;
/** Where they lie, in any module: build/test-results with all below it, target/surefire-reports. */
const REPORT = /(?:^|\/)(?:build\/test-results\/(?:.+\/)?|target\/(?:surefire|failsafe)-reports\/)[^/]+\.xml$/;
const SKIPPED = new Set(['.git', '.gradle', '.idea', 'node_modules', 'src']);

const FOLDERS = 2000;
const DEPTH = 12;
const FILES = 1000;
const BYTES = 8 * 1024 * 1024;
const ALL_BYTES = 64 * 1024 * 1024;

/** What lies there, by path; `stamp` tells one writing of a file from another. */
export type ReportFiles = ReadonlyMap<string, { readonly stamp: string; readonly text: string }>;

/**
 * The documents below a root that has a build file of Gradle or Maven, without following links. One that is too large
 * has an empty text, which no reader takes for a document; what is beyond the number of files or folders is not seen.
 */
export async function readReportFiles(root: string): Promise<ReportFiles> {
  const found = new Map<string, { stamp: string; text: string }>();
  const top = await readFolder(root, '.');
  if (!top.ok || !top.value.some(({ name, kind }) => kind === 'file' && BUILD_FILES.test(name))) return found;
  let bytes = 0;
  for (const path of await reportPaths(root)) {
    const file = await readOpened(root, path, Math.min(BYTES, ALL_BYTES - bytes));
    if (file.ok) bytes += file.value.bytes.length;
    found.set(path, file.ok ? { stamp: file.value.stamp, text: file.value.bytes.toString('utf8') } : UNREAD);
  }
  return found;
}

const UNREAD = { stamp: '', text: '' };

/** Those that a command wrote, by what was there before it and what is there after it. */
export function writtenSince(before: ReportFiles, after: ReportFiles): ReportFile[] {
  return [...after].flatMap(([path, { stamp, text }]) =>
    stamp !== '' && before.get(path)?.stamp === stamp ? [] : [{ path, text }],
  );
}

async function reportPaths(root: string): Promise<string[]> {
  const paths: string[] = [];
  const folders = ['.'];
  for (let at = 0; at < folders.length && at < FOLDERS && paths.length < FILES; at++) {
    const folder = folders[at] ?? '.';
    const entries = await readFolder(root, folder);
    for (const { name, kind } of entries.ok ? entries.value : []) {
      const path = folder === '.' ? name : `${folder}/${name}`;
      if (kind === 'folder' && path.split('/').length < DEPTH && !SKIPPED.has(name)) folders.push(path);
      else if (kind === 'file' && REPORT.test(path)) paths.push(path);
    }
  }
  return paths.sort(byCodeUnit).slice(0, FILES);
}
