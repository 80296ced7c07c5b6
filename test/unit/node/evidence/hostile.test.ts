/** Bundles that somebody changed: every bit of the file counts, and whatever is done to it is told. */
import { strFromU8, strToU8, zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { lineOf } from '../../../../src/core/events/chain';
import { blobEntry, JOURNAL, MANIFEST, SIGNATURE } from '../../../../src/core/evidence/format';
import { REPORT_VERSION } from '../../../../src/core/evidence/report/report';
import { canonicalize } from '../../../../src/core/kernel/json';
import { differsAt, pack, unpack } from '../../../../src/node/evidence/container';
import { createSigningKey, signManifest } from '../../../../src/node/evidence/signingKey';
import { checkBytes } from '../../../../src/node/evidence/verifyBundle';
import { sha256 } from '../../../../src/node/system/sha256';
import { chain, finished, origin, toolRequested } from '../../../support/eventChain';
import { encode, entriesOf, RUN, smallBlobs, smallBundle, smallRun } from '../../../support/evidenceBundle';

const LONG = process.env.OPENEXEC_LONG === '1';
const verify = async (bytes: Uint8Array) => (await checkBytes(bytes, {})).report;
const text = (entries: ReadonlyMap<string, Uint8Array>, name: string): string =>
  strFromU8(entries.get(name) ?? new Uint8Array());
const small = (options: Parameters<typeof entriesOf>[2] = {}) => entriesOf(smallRun, smallBlobs, options);

/** Expects a refusal, and answers what was found in one text. */
async function faultsOf(bytes: Uint8Array): Promise<string> {
  const report = await verify(bytes);
  expect(report.sound).toBe(false);
  return report.findings.map(({ kind, expected, found }) => `${kind}: ${expected}: ${found}`).join('\n');
}

describe('a bundle as it was written', () => {
  it('is the zip file that a library would make of its entries', async () => {
    const entries = await small();
    const sorted = Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
    const byLibrary = zipSync(sorted, { level: 0, mtime: new Date(1980, 0, 1), os: 0 });
    expect(Buffer.compare(await pack(entries), byLibrary)).toBe(0);
  });

  it('is sound, and says that nobody vouches for it when it is not signed', async () => {
    const report = await verify(await smallBundle());
    expect(report).toMatchObject({
      sound: true,
      findings: [],
      events: smallRun.length,
      blobs: 2,
      runId: RUN,
      signedBy: null,
    });
    expect(report.notChecked.map(({ kind }) => kind)).toEqual(['external_head', 'signature']);
  });

  it('is compared with the head that was kept elsewhere', async () => {
    const bytes = await smallBundle();
    const { head } = await verify(bytes);
    const heads = (hash: string) => [{ hash, events: null, from: 'given here' }];
    expect((await checkBytes(bytes, { heads: heads(head) })).report).toMatchObject({ sound: true });
    expect((await checkBytes(bytes, { heads: heads(sha256('another')) })).report.findings).toMatchObject([
      { kind: 'head' },
    ]);
  });

  it('names the key that signed it and warns that the key came along', async () => {
    const key = createSigningKey();
    const report = await verify(await smallBundle(key.privateKey));
    expect(report).toMatchObject({ sound: true, signedBy: key.fingerprint });
    const signer = report.notChecked.find(({ kind }) => kind === 'signer');
    expect(signer?.detail).toContain(key.fingerprint);
  });
});

describe('a bundle of which one bit is another', () => {
  let bytes: Uint8Array;
  beforeAll(async () => {
    bytes = await smallBundle(createSigningKey().privateKey);
  });

  const STEP = LONG ? 1 : 31;
  const BITS = LONG ? [0, 1, 2, 3, 4, 5, 6, 7] : null;
  const bitsOf = (at: number): readonly number[] => BITS ?? [at % 8];

  /** The places of bits that may be another without `seen` seeing it. */
  async function missed(step: number, seen: (changed: Uint8Array) => boolean | Promise<boolean>): Promise<string[]> {
    const unseen: string[] = [];
    const changed = bytes.slice();
    for (let at = 0; at < bytes.length; at += step) {
      for (const bit of bitsOf(at)) {
        changed[at] = (bytes[at] ?? 0) ^ (1 << bit);
        if (!(await seen(changed))) unseen.push(`byte ${at} bit ${bit}`);
      }
      changed[at] = bytes[at] ?? 0;
    }
    return unseen;
  }

  it(
    'has no longer the one form of a container, whichever byte it is in',
    async () => {
      const seen = async (changed: Uint8Array): Promise<boolean> => {
        const unpacked = unpack(changed);
        return !unpacked.ok || (await differsAt(changed, unpacked.value)) !== null;
      };
      expect(await seen(bytes)).toBe(false);
      expect(await missed(1, seen)).toEqual([]);
    },
    LONG ? 600_000 : 60_000,
  );

  it(
    'is found not to be sound',
    async () => {
      expect((await verify(bytes)).sound).toBe(true);
      expect(await missed(STEP, async (changed) => !(await verify(changed)).sound)).toEqual([]);
    },
    LONG ? 1_800_000 : 60_000,
  );

  it('says in which event the bit is when it is in the journal', async () => {
    const entries = await small();
    const lines = text(entries, JOURNAL).split('\n');
    lines[1] = (lines[1] ?? '').replace('write the change', 'write the chance');
    entries.set(JOURNAL, encode(lines.join('\n')));
    const { findings } = await verify(await pack(entries));
    expect(findings[0]).toMatchObject({ seq: 1, kind: 'hash' });
    expect(findings.map(({ kind }) => kind)).toContain('bundle');
  });

  it('is found out at whatever byte the file ends too early, or goes on after its end', async () => {
    const step = LONG ? 1 : 397;
    for (let length = 0; length < bytes.length; length += step)
      expect((await verify(bytes.slice(0, length))).sound).toBe(false);
    expect(await faultsOf(new Uint8Array([...bytes, 0]))).toMatch(/no end record/);
    expect(await faultsOf(new Uint8Array([0, ...bytes]))).toMatch(/bundle:/);
  });
});

describe('a bundle whose entries somebody changed with the right tools', () => {
  it('is found out when an entry is added, taken away or renamed', async () => {
    const entries = await small();
    const [one = ''] = smallBlobs;
    const without = (name: string) => pack(new Map([...entries].filter(([entry]) => entry !== name)));
    expect(await faultsOf(await pack(new Map([...entries, [blobEntry(sha256('three')), encode('three')]])))).toMatch(
      /does not name[\s\S]*only blobs that the journal/,
    );
    for (const name of entries.keys())
      expect(await faultsOf(await without(name))).toContain(name.replace('blobs/', ''));
    const renamed = new Map([...entries].map(([name, content]) => [name === 'plan.json' ? SIGNATURE : name, content]));
    expect(await faultsOf(await pack(renamed))).toMatch(/plan\.json/);
    expect(await faultsOf(await without(blobEntry(sha256(one))))).toMatch(/blob_missing/);
  });

  it('is found out when the manifest was made anew around them', async () => {
    const edit = (name: string, by: (old: string) => string) => (entries: Map<string, Uint8Array>) =>
      entries.set(name, encode(by(text(entries, name))));
    const remade = async (name: string, by: (old: string) => string) =>
      faultsOf(await pack(await small({ change: edit(name, by) })));
    expect(await remade('report.html', (old) => old.replace('succeeded', 'failed'))).toMatch(
      /the report\.html that the journal gives/,
    );
    expect(await remade('policy.json', () => '{"all":"allowed"}')).toMatch(/the policy\.json that the journal gives/);
    expect(await remade('plan.json', () => '{}')).toMatch(/the plan\.json/);
    const extra = await small({ change: (entries) => entries.set(blobEntry(sha256('three')), encode('three')) });
    expect(await faultsOf(await pack(extra))).toMatch(/only blobs that the journal refers to/);
    const wrong = await small({ change: (entries) => entries.set(blobEntry(sha256('one')), encode('One')) });
    expect(await faultsOf(await pack(wrong))).toMatch(/blob_changed/);
  });

  it('is found out when the manifest says something else than the journal', async () => {
    const entries = await small();
    const manifest = JSON.parse(text(entries, MANIFEST)) as Record<string, unknown>;
    const other = (change: Record<string, unknown>) =>
      pack(new Map([...entries, [MANIFEST, encode(canonicalize({ ...manifest, ...change }))]]));
    expect(await faultsOf(await other({ head: sha256('x') }))).toMatch(/as the journal has it/);
    expect(await faultsOf(await other({ events: 3 }))).toMatch(/events 4, as the journal has it: 3/);
    expect(await faultsOf(await other({ runId: 'another-run' }))).toMatch(/wrong_run/);
    expect(await faultsOf(await other({ runId: '../../etc' }))).toMatch(/the id of a run/);
    expect(await faultsOf(await other({ versions: { openexec: '9', node: '1', platform: 'x', git: 'y' } }))).toMatch(
      /versions/,
    );
    expect(await faultsOf(await other({ more: 1 }))).toMatch(/a manifest of version 1/);
    expect(await faultsOf(await other({ version: 2 }))).toMatch(/a manifest of version 1/);
    const spaced = new Map([...entries, [MANIFEST, encode(JSON.stringify(manifest, null, 1))]]);
    expect(await faultsOf(await pack(spaced))).toMatch(/canonical JSON/);
  });

  it('says that a report of another version was not compared, instead of calling it false', async () => {
    const entries = await small();
    const manifest = JSON.parse(text(entries, MANIFEST)) as Record<string, unknown>;
    const later = { ...manifest, reportVersion: REPORT_VERSION + 1 };
    const report = await verify(await pack(new Map([...entries, [MANIFEST, encode(canonicalize(later))]])));
    expect(report.sound).toBe(true);
    expect(report.notChecked.find(({ kind }) => kind === 'report')?.detail).toMatch(/not compared.*do not rely on it/);
  });

  it('shows a rewritten run only against the head or the signer that is known', async () => {
    const key = createSigningKey();
    const { head } = await verify(await smallBundle(key.privateKey));
    const forged = await pack(await entriesOf([origin('Another task'), finished], []));
    expect((await verify(forged)).sound).toBe(true);
    const heads = [{ hash: head, events: smallRun.length, from: 'kept by the auditor' }];
    expect((await checkBytes(forged, { heads })).report.sound).toBe(false);
  });
});

describe('a signature', () => {
  const key = createSigningKey();
  const other = createSigningKey();
  const signed = () => small({ key: key.privateKey });

  it('does not fit when the manifest is another', async () => {
    const entries = await signed();
    const more = await entriesOf([...smallRun.slice(0, -1), toolRequested('c9'), finished], smallBlobs, {});
    more.set(SIGNATURE, entries.get(SIGNATURE) ?? new Uint8Array());
    expect(await faultsOf(await pack(more))).toMatch(/^signature: .*one that does not fit/m);
  });

  it('of another key is good and has another fingerprint', async () => {
    const entries = await signed();
    const manifest = entries.get(MANIFEST) ?? new Uint8Array();
    entries.set(SIGNATURE, encode(canonicalize(signManifest(manifest, other.privateKey))));
    expect((await verify(await pack(entries))).signedBy).toBe(other.fingerprint);
  });

  it.each<[string, (good: Record<string, string>) => unknown]>([
    [
      'is of another key than it says',
      (good) => ({ ...good, publicKey: other.publicKey, fingerprint: other.fingerprint }),
    ],
    ['says another fingerprint', (good) => ({ ...good, fingerprint: other.fingerprint })],
    ['is of another algorithm', (good) => ({ ...good, algorithm: 'none' })],
    ['is empty', (good) => ({ ...good, signature: '' })],
    ['has a private key in it', (good) => ({ ...good, publicKey: key.privateKey })],
    ['has no key', (good) => ({ ...good, publicKey: 'none' })],
    ['has more members', (good) => ({ ...good, trusted: true })],
    ['is a list', () => []],
  ])('is refused that %s', async (_what, change) => {
    const entries = await signed();
    const good = JSON.parse(text(entries, SIGNATURE)) as Record<string, string>;
    entries.set(SIGNATURE, encode(canonicalize(change(good))));
    const report = await verify(await pack(entries));
    expect(report.findings).toMatchObject([{ kind: 'signature' }]);
    expect(report.signedBy).toBe(null);
  });
});

describe('a file that is no bundle', () => {
  const zip = (files: Record<string, Uint8Array>, options = {}) =>
    zipSync(files, { level: 0, mtime: new Date(1980, 0, 1), ...options });

  it.each<[string, () => Uint8Array, RegExp]>([
    ['nothing', () => new Uint8Array(), /too short/],
    ['text', () => encode('this is not a zip file, but it is long enough'), /no end record/],
    [
      'a zip file of something else',
      () => zip({ 'readme.txt': strToU8('hello') }),
      /an entry has the name "readme\.txt"/,
    ],
    ['names that lead out of a folder', () => zip({ '../../evil.json': strToU8('{}') }), /an entry has the name/],
    ['an absolute name', () => zip({ '/etc/passwd': strToU8('x') }), /an entry has the name/],
    ['a name that every object has', () => zip({ constructor: strToU8('x') }), /an entry has the name "constructor"/],
    ['an empty zip file', () => zip({}), /0 entries/],
    ['a comment at its end', () => zip({ [MANIFEST]: strToU8('{}') }, { comment: 'x' }), /bundle/],
  ])('%s is refused in words', async (_what, make, words) => {
    expect(await faultsOf(make())).toMatch(words);
  });

  it('is not unpacked when it is compressed: ten megabytes out of ten kilobytes', async () => {
    const bomb = zipSync({ [JOURNAL]: new Uint8Array(10_000_000) }, { level: 9 });
    expect(bomb.length).toBeLessThan(20_000);
    expect(await faultsOf(bomb)).toMatch(/an entry is compressed/);
  });

  it('does not get memory for sizes that it only claims, nor for entries that lie upon each other', async () => {
    const bytes = zip({ [JOURNAL]: strToU8('x'.repeat(100)), [MANIFEST]: strToU8('{}') });
    const view = new DataView(bytes.buffer);
    const directory = view.getUint32(bytes.length - 6, true);
    for (const size of [0xfffffffe, bytes.length + 1]) {
      view.setUint32(directory + 20, size, true);
      view.setUint32(directory + 24, size, true);
      expect(await faultsOf(bytes)).toMatch(/larger than the file/);
    }
    view.setUint16(bytes.length - 12, 65_534, true);
    view.setUint16(bytes.length - 14, 65_534, true);
    expect(await faultsOf(bytes)).toMatch(/bundle:/);
    view.setUint16(bytes.length - 12, 65_535, true);
    view.setUint16(bytes.length - 14, 65_535, true);
    expect(await faultsOf(bytes)).toMatch(/65535 entries/);
  });

  it('is not believed to be of the 64-bit kind with any number of entries', async () => {
    const bytes = await smallBundle();
    const locator = new Uint8Array(20);
    new DataView(locator.buffer).setUint32(0, 0x07064b50, true);
    const end = bytes.length - 22;
    expect(await faultsOf(new Uint8Array([...bytes.slice(0, end), ...locator, ...bytes.slice(end)]))).toMatch(/64-bit/);
  });

  it('has every entry once: a second one of the same name is seen', async () => {
    const entries = await small();
    const bytes = await pack(entries);
    // The name of the first blob's entry becomes that of the second, in its header and in the directory.
    const [first = '', second = ''] = [...entries.keys()].filter((name) => name.startsWith('blobs/')).sort();
    const twice = strToU8(strFromU8(bytes, true).replaceAll(first, second), true);
    expect(await faultsOf(twice)).toMatch(/bundle:/);
  });

  it('may hold a policy that is no text', async () => {
    const bytes = new Uint8Array([0xff]);
    const ref = { blob: sha256(bytes), bytes: 1, media: 'text/plain' };
    const first = origin();
    const policy = { id: 'odd', snapshot: ref.blob, content: ref };
    const events = chain(RUN, [{ ...first, data: { ...first.data, policy } }, finished]);
    const entries = new Map([[JOURNAL, encode(events.map(lineOf).join(''))]]).set(blobEntry(ref.blob), bytes);
    expect(await faultsOf(await pack(entries))).toMatch(/a blueprint and a policy that are text/);
  });

  it('may hold a journal of nothing but line feeds, of which few are looked at', async () => {
    const feeds = new Uint8Array(1024 * 1024).fill(10);
    for (const events of [4, 1024 * 1024]) {
      const entries = await small();
      entries.set(JOURNAL, feeds);
      const manifest: object = JSON.parse(text(entries, MANIFEST));
      entries.set(MANIFEST, encode(canonicalize({ ...manifest, events })));
      const report = await verify(await pack(entries));
      expect(report.sound).toBe(false);
      expect(report.events).toBeLessThan(10_000);
    }
  });

  it('may hold many more events than its manifest says', async () => {
    const many = Array.from({ length: 300 }, (_, at) => toolRequested(`c${at}`));
    const entries = await entriesOf([origin(), ...many], []);
    entries.set(JOURNAL, Buffer.concat([entries.get(JOURNAL) ?? encode(''), encode('no event\n')]));
    const manifest: object = JSON.parse(text(entries, MANIFEST));
    entries.set(MANIFEST, encode(canonicalize({ ...manifest, events: 3 })));
    expect(await faultsOf(await pack(entries))).toContain('a journal of at most 103 lines');
  });

  it('may hold a journal that is none', async () => {
    const entries = await small();
    for (const journal of ['', 'x', '\n', '{"run":5}\n', `${JSON.stringify(chain(RUN, [origin()])[0])}\n`]) {
      entries.set(JOURNAL, encode(journal));
      expect((await verify(await pack(entries))).sound).toBe(false);
    }
  });
});
