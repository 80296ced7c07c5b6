import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readYamlFile } from '../../../../src/node/runs/yamlFile';

describe('a YAML file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'oe-yaml-'));
  });
  afterEach(() => fs.rm(folder, { recursive: true, force: true }));

  async function read(content: string | Buffer) {
    const file = path.join(folder, 'a.yaml');
    await fs.writeFile(file, content);
    return readYamlFile(file);
  }

  it('is read as text, a byte order mark left out', async () => {
    expect(await read('a: ä😀\n')).toEqual({ ok: true, value: 'a: ä😀\n' });
    expect(await read('\uFEFFa: 1\n')).toEqual({ ok: true, value: 'a: 1\n' });
    expect(await read('')).toEqual({ ok: true, value: '' });
  });

  it('is none when it is not there, is a folder, or is a pipe that nobody writes to', async () => {
    expect(await readYamlFile(path.join(folder, 'missing.yaml'))).toBeNull();
    expect(await readYamlFile(folder)).toBeNull();
    const pipe = path.join(folder, 'pipe.yaml');
    execFileSync('mkfifo', [pipe]);
    expect(await readYamlFile(pipe)).toBeNull();
  });

  it('is refused unread when it is too large', async () => {
    const file = path.join(folder, 'large.yaml');
    // Ten gigabytes by its size, nothing on the disk: reading it whole would not end well.
    await fs.writeFile(file, '');
    await fs.truncate(file, 10 * 1024 ** 3);
    expect(await readYamlFile(file)).toMatchObject({
      ok: false,
      error: [{ line: 1, column: 1, message: 'the file is larger than 256 KiB' }],
    });
    expect(await read('#'.repeat(256 * 1024))).toMatchObject({ ok: true });
  });

  it.each<[string, number[], { line: number; column: number }]>([
    ['a byte that no character begins with', [0x61, 0x3a, 0x0a, 0x20, 0xff], { line: 2, column: 2 }],
    ['half of a character', [0x61, 0xc3], { line: 1, column: 2 }],
    ['UTF-16', [0xff, 0xfe, 0x61, 0x00], { line: 1, column: 1 }],
    [
      'a wrong byte after a replacement that is really there',
      [0xef, 0xbf, 0xbd, 0x0d, 0x0a, 0x61, 0x80],
      { line: 2, column: 2 },
    ],
  ])('with %s is refused where it stands', async (_what, bytes, place) => {
    expect(await read(Buffer.from(bytes))).toEqual({
      ok: false,
      error: [{ ...place, severity: 'error', message: 'this is not UTF-8 text' }],
    });
  });
});
