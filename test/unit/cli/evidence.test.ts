/** `export`, `import` and `verify FILE` as people call them: one file that carries a run from one machine to another. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/core/events/schema';
import { sha256 } from '../../../src/node/system/sha256';
import { type CliOptions, cli, expectRefusal, jsonOf, temporaryFolder } from '../../support/cli';
import { copyRecordedRun, recordedEvents } from '../../support/goldenStore';

const recorded = recordedEvents('v1');
const head = recorded.at(-1)?.hash ?? '';

type Report = { ok: boolean; firstBad: null | { seq: number; problem: string }; notChecked: string[] };

function signer(): { env: Record<string, string>; fingerprint: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const fingerprint = sha256(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }));
  return { env: { OPENEXEC_SIGNING_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }, fingerprint };
}

async function exported(options: CliOptions = {}) {
  const root = temporaryFolder();
  const run = copyRecordedRun('v1', root);
  const out = temporaryFolder();
  const end = await cli(['export', run, '--out', 'a.zip', '--store', root, '--json'], { ...options, cwd: out });
  expect(end.code, end.stderr).toBe(0);
  return { root, run, out, file: path.join(out, 'a.zip'), end };
}

describe('export', () => {
  it('writes one file and prints what the contract names', async () => {
    const { file, end } = await exported();
    expect(jsonOf(end)).toEqual({
      file,
      sha256: sha256(fs.readFileSync(file)),
      events: recorded.length,
      blobs: 7,
      signedBy: null,
    });
    expect(end.stderr).not.toContain('signed');
  });

  it('gives the same bytes in another time zone, language and folder', async () => {
    const { root, run, file } = await exported();
    const env = { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' };
    const other = path.join(temporaryFolder(), 'b.zip');
    expect((await cli(['export', run, '--out', other, '--store', root], { env, cwd: root })).code).toBe(0);
    expect(fs.readFileSync(other).equals(fs.readFileSync(file))).toBe(true);
  });

  it('signs with the key of the environment, says so, and never prints it', async () => {
    const { env, fingerprint } = signer();
    const { file, end } = await exported({ env });
    expect(jsonOf(end)).toMatchObject({ signedBy: fingerprint });
    expect(end.stderr).toContain(`openexec: signed with OPENEXEC_SIGNING_KEY, fingerprint ${fingerprint}\n`);
    expect(end.stderr).not.toContain('PRIVATE');
    const verified = await cli(['verify', file, '--json']);
    expect(jsonOf(verified)).toMatchObject({ ok: true, signedBy: fingerprint });
    expect(fs.readFileSync(file, 'latin1')).not.toContain('PRIVATE');
  });

  it('refuses wrong use in one line, and writes nothing', async () => {
    const { root, run, out, file } = await exported();
    const before = fs.readFileSync(file);
    fs.writeFileSync(path.join(out, 'taken.zip'), 'something else');
    const export_ = (args: string[], env = {}) => cli(['export', ...args, '--store', root], { cwd: out, env });
    expectRefusal(await export_([run]), 2, /--out is missing/);
    expectRefusal(await export_([run, '--out', 'taken.zip']), 2, /taken\.zip is there already and is something else/);
    expectRefusal(await export_([run, '--out', 'no/such/folder.zip']), 2, /there is no folder/);
    expectRefusal(await export_(['no-such-run', '--out', 'b.zip']), 2, /no run no-such-run/);
    expectRefusal(
      await export_([run, '--out', 'b.zip'], { OPENEXEC_SIGNING_KEY: 'none' }),
      2,
      /not an Ed25519 private key/,
    );
    expect((await export_([run, '--out', 'a.zip'])).code).toBe(0);
    expect(fs.readFileSync(file).equals(before)).toBe(true);
    expect(fs.readdirSync(out).sort()).toEqual(['a.zip', 'taken.zip']);
  });
});

describe('verify FILE', () => {
  it('needs no store, and says what it could not check', async () => {
    const { file, run } = await exported();
    const folder = temporaryFolder();
    fs.copyFileSync(file, path.join(folder, 'a.zip'));
    const end = await cli(['verify', 'a.zip', '--json'], { cwd: folder });
    expect(end.code).toBe(0);
    const report = jsonOf<Report>(end);
    expect(report).toMatchObject({
      ok: true,
      events: recorded.length,
      blobs: 7,
      head,
      firstBad: null,
      runId: run,
      signedBy: null,
    });
    expect(report.notChecked).toEqual([expect.stringMatching(/no external head/), expect.stringMatching(/not signed/)]);
    const { stdout } = await cli(['verify', './a.zip', '--head', head], { cwd: folder });
    expect(stdout).toMatch(/^Sound: 131 events, 7 blobs, head [0-9a-f]{64}\nNOT CHECKED: the bundle is not signed/);
    expect(fs.readdirSync(folder)).toEqual(['a.zip']);
  });

  it('finds a changed byte, the event it is in, and another head', async () => {
    const { file } = await exported();
    const bytes = fs.readFileSync(file);
    const at = recorded.findIndex((event) => event.type === 'policy.decided' && event.data.decision === 'deny');
    bytes.write('secrets-never-reax', bytes.indexOf('secrets-never-read', bytes.indexOf(`"seq":${at},`) - 900));
    fs.writeFileSync(file, bytes);
    const end = await cli(['verify', file, '--json']);
    expect(end.code).toBe(1);
    expect(jsonOf<Report>(end)).toMatchObject({
      ok: false,
      firstBad: { seq: expect.any(Number), problem: expect.any(String) },
    });
    const { stdout } = await cli(['verify', file, '--head', sha256('another')]);
    expect(stdout).toMatch(/^NOT SOUND: /);
    expect(stdout).toMatch(/^event \d+: (hash|frozen): expected .*, found /m);
    expect(stdout).toMatch(/^bundle: expected a bundle byte for byte as it is written, found another byte at \d+$/m);
    expect(stdout).toMatch(/^event \d+: head: expected /m);
  });

  it('refuses what is no bundle with a finding, and what is not there as wrong use', async () => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, 'text'), 'not a bundle');
    const end = await cli(['verify', 'text', '--json'], { cwd: folder });
    expect([end.code, jsonOf(end)]).toMatchObject([1, { ok: false, events: 0, runId: '' }]);
    expectRefusal(await cli(['verify', 'missing.zip'], { cwd: folder }), 2, /there is no file .*missing\.zip/);
    expectRefusal(await cli(['verify', '../missing'], { cwd: folder }), 2, /there is no file/);
    expectRefusal(await cli(['verify', './'], { cwd: folder }), 2, /is not a file/);
  });
});

describe('import', () => {
  it('makes a store where there is none; the run can be listed, shown, verified and replayed there', async () => {
    const { file, run, out } = await exported();
    const workspace = temporaryFolder();
    const on = (...args: string[]) => cli([...args, '--json'], { cwd: workspace });
    const end = await on('import', file);
    expect(end.code, end.stderr).toBe(0);
    expect(jsonOf(end)).toMatchObject({
      runId: run,
      events: recorded.length,
      ok: true,
      signedBy: null,
      report: { ok: true },
    });
    expect(jsonOf<{ runId: string }[]>(await on('runs')).map(({ runId }) => runId)).toEqual([run]);
    expect(jsonOf<RunEvent[]>(await on('show', run))).toEqual(recorded);
    expect(jsonOf(await on('verify', run))).toMatchObject({ ok: true, head });
    expect(jsonOf(await on('replay', run))).toMatchObject({ identical: true, head, recordedHead: head });
    const again = path.join(out, 'again.zip');
    expect((await on('export', run, '--out', again)).code).toBe(0);
    expect(fs.readFileSync(again).equals(fs.readFileSync(file))).toBe(true);
    expect((await on('import', file)).code).toBe(0);
  });

  it('refuses a bundle that is not sound, and makes nothing of it, not even a store', async () => {
    const { file, root } = await exported();
    const bytes = fs.readFileSync(file);
    bytes[5000] = (bytes[5000] ?? 0) ^ 1;
    fs.writeFileSync(file, bytes);
    const workspace = temporaryFolder();
    const end = await cli(['import', file, '--json'], { cwd: workspace });
    expect([end.code, jsonOf(end)]).toMatchObject([1, { ok: false, report: { ok: false } }]);
    expect(fs.readdirSync(workspace)).toEqual([]);
    expect((await cli(['import', file, '--store', root])).stdout).toMatch(/^Nothing was imported from .*\nNOT SOUND/);
  });

  it('refuses a file and a folder that are not there', async () => {
    const { file } = await exported();
    const folder = temporaryFolder();
    expectRefusal(await cli(['import', 'missing.zip'], { cwd: folder }), 2, /there is no file/);
    expectRefusal(await cli(['import'], { cwd: folder }), 2, /one argument, the file of a bundle is wanted/);
    expectRefusal(
      await cli(['import', file, '--workspace', 'missing'], { cwd: folder }),
      2,
      /there is no folder .*missing/,
    );
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});
