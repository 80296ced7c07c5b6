/** A file at a moment of a run in the editor's own diff, on a real store with a recorded run. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunEvent } from '../../../../src/core/events/schema';
import { moments } from '../../../../src/node/runs/moments';
import { textByHash } from '../../../../src/node/runs/textByHash';
import { copyRecordedRun, recordedEvents } from '../../../support/goldenStore';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

vi.mock('vscode', async () => {
  const { Uri } = await import('../../../support/editorTypes');
  const stat = async ({ fsPath }: { fsPath: string }) => ({ type: fs.statSync(fsPath).isDirectory() ? 2 : 1 });
  return {
    Uri: { file: Uri.file, joinPath: (root: { fsPath: string }, name: string) => Uri.file(`${root.fsPath}/${name}`) },
    FileType: { File: 1, Directory: 2 },
    workspace: { fs: { stat } },
  };
});
const { openDiff } = await import('../../../../src/vscode/timeline/openDiff');

type Asked = Parameters<typeof openDiff>[0];
type Context = Parameters<typeof openDiff>[1];

const PATH = 'src/allocate.js';
const EVENTS = recordedEvents('v5');
const CHANGES = EVENTS.filter((event): event is RunEvent<'file.changed'> & RunEvent => event.type === 'file.changed');
const LAST = CHANGES.at(-1)?.seq ?? 0;

let bench: StoreBench;
let root: string;
beforeAll(async () => {
  bench = await storeBench();
});
beforeEach(() => {
  root = bench.root();
});
afterEach(() => bench.closeAll());
afterAll(() => bench.dispose());

/** The two sides that the editor was given: the text of each, or the path of a file. */
type Opened = { left: string; right: string; title: string };

/** Opens diffs of the recorded run, as if it had been started in `folder`. */
async function editor(folder: string, change: Partial<Context['runs']> = {}, imported = false) {
  const run = copyRecordedRun('v5', root);
  const { store } = await bench.open({ root });
  const states = moments(store);
  const opened: Opened[] = [];
  const inFolder = (event: RunEvent): RunEvent =>
    event.type === 'run.started'
      ? { ...event, data: { ...event.data, workspace: { ...event.data.workspace, root: folder } } }
      : event;
  const runs: Context['runs'] = {
    event: async (_run, seq) => inFolder(EVENTS[seq] as RunEvent),
    events: (id, from) => store.read(id, { from }),
    moment: (id, seq) => states.at(id, seq),
    summary: async () => ({ imported }) as never,
    textByHash: (id, hash) => textByHash(store, id, hash),
    ...change,
  };
  const documents: Context['documents'] = {
    diff: async ([left, right], title) =>
      void opened.push({ left: left.text, right: 'text' in right ? right.text : right.fsPath, title }),
  };
  const open = (asked: Omit<Asked, 'runId' | 'path'> & { path?: string }) =>
    openDiff({ runId: run, path: PATH, ...asked }, { runs, documents });
  const content = (sha256: string | undefined) => textByHash(store, run, sha256 ?? '');
  return { open, opened, content };
}

/** A folder with the file in it, or without. */
function folderWith(text: string | null): string {
  const folder = path.join(root, 'repository');
  fs.mkdirSync(path.join(folder, 'src'), { recursive: true });
  if (text !== null) fs.writeFileSync(path.join(folder, PATH), text);
  return folder;
}

describe('a file at an event of a run, in the editor', () => {
  it('stands beside what it was before that change', async () => {
    const { open, opened, content } = await editor('/gone');
    await open({ seq: LAST, against: 'before' });
    const [before, after] = [CHANGES.at(-1)?.data.before?.sha256, CHANGES.at(-1)?.data.after?.sha256];
    const title = `allocate.js (before event ${LAST} ↔ event ${LAST})`;
    expect(opened).toEqual([{ left: await content(before), right: await content(after), title }]);
  });

  it('stands beside what it was at the start, also as of an event that did not change it', async () => {
    const { open, opened, content } = await editor('/gone');
    await open({ seq: LAST, against: 'base' });
    await open({ seq: LAST + 1, against: 'base' });
    const [base, after] = [CHANGES[0]?.data.before?.sha256, CHANGES.at(-1)?.data.after?.sha256];
    const sides = { left: await content(base), right: await content(after) };
    expect(opened).toEqual([
      { ...sides, title: `allocate.js (at the start ↔ event ${LAST})` },
      { ...sides, title: `allocate.js (at the start ↔ event ${LAST + 1})` },
    ]);
  });

  it('finds what it was at the start when more files have changed than are listed', async () => {
    const unlisted = async () => ({ files: [], moreFiles: 700 }) as never;
    const { open, opened, content } = await editor('/gone', { moment: unlisted });
    await open({ seq: LAST, against: 'base' });
    expect(opened).toMatchObject([{ left: await content(CHANGES[0]?.data.before?.sha256) }]);
    await expect(open({ seq: LAST + 1, against: 'base' })).rejects.toThrow(
      `src/allocate.js is not changed at event ${LAST + 1} among the files that are listed.`,
    );
  });

  it('stands beside the file that is there now, which can be changed in the diff', async () => {
    const folder = folderWith('now\n');
    const { open, opened } = await editor(folder);
    await open({ seq: LAST, against: 'now' });
    expect(opened).toMatchObject([{ right: `${folder}/${PATH}`, title: `allocate.js (event ${LAST} ↔ now)` }]);
  });

  it('stands beside nothing when the file is gone', async () => {
    const { open, opened } = await editor(folderWith(null));
    await open({ seq: LAST, against: 'now' });
    expect(opened).toMatchObject([{ right: '' }]);
  });

  it('says that the folder of the run is not here', async () => {
    const here = await editor('/no/such/folder');
    const code = 'no_folder';
    await expect(here.open({ seq: LAST, against: 'now' })).rejects.toMatchObject({ code });
    const elsewhere = await editor(folderWith('now\n'), {}, true);
    await expect(elsewhere.open({ seq: LAST, against: 'now' })).rejects.toThrow(
      'The run was recorded elsewhere: its folder is not here.',
    );
    expect([...here.opened, ...elsewhere.opened]).toEqual([]);
  });

  it.each(['../../etc/passwd', '/etc/passwd', 'src\\..\\..\\x', 'C:/x'])(
    'opens no file beyond the folder that a record names: %s',
    async (name) => {
      const data = { ...CHANGES[0]?.data, path: name };
      const folder = folderWith(null);
      const event = async (_run: string, seq: number) =>
        (seq === 0 ? { ...EVENTS[0], data: { workspace: { root: folder } } } : { ...CHANGES[0], data }) as never;
      const { open, opened } = await editor(folder, { event });
      await expect(open({ seq: 43, path: name, against: 'now' })).rejects.toThrow('is not in the folder of the run');
      expect(opened).toEqual([]);
    },
  );

  it('says so when an event did not change the file, and when its content is not kept', async () => {
    const { open } = await editor('/gone');
    await expect(open({ seq: LAST + 1, against: 'before' })).rejects.toThrow(
      `Event ${LAST + 1} did not change src/allocate.js; open it against the start.`,
    );
    await expect(open({ seq: LAST, path: 'other.js', against: 'base' })).rejects.toMatchObject({ code: 'run_unknown' });
    const lost = await editor('/gone', { textByHash: async () => undefined });
    await expect(lost.open({ seq: LAST, against: 'before' })).rejects.toThrow(
      `src/allocate.js cannot be shown: its content after event ${LAST} is no text, or its bytes are gone.`,
    );
  });
});
