/**
 * No patch whatsoever changes a file that was not decided on: pieces of patches in every order, with hostile names and
 * heads, through the real toolbox.
 */
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pathsOfPatch, readPatch } from '../../src/node/tools/patch';
import { bench, temporaryFolder, write } from '../unit/node/tools/harness';

const FILES = { 'a.txt': 'one\ntwo\nthree\n', 'b.txt': 'one\ntwo\nthree\n', 'sub/c.txt': 'one\n', '.env': 'one\n' };

const name = fc.constantFrom(
  ...['a.txt', 'b.txt', 'sub/c.txt', 'new.txt', 'sub/new.txt', '.env', 'A.TXT', './a.txt', 'sub//c.txt', 'a.txt\t'],
  ...[
    '../x',
    '/tmp/x',
    '.git/x',
    'out/x',
    'file',
    '"a.txt"',
    'a.txt\t1970-01-01 00:00:00 +0000',
    '',
    'dev/null',
    'b/a.txt',
  ],
);
const mode = fc.constantFrom('100644', '100755', '120000', '160000', '040000', '104755');
const line = fc.constantFrom(
  'one',
  'two',
  'three',
  'x',
  '',
  '-- a/.env',
  '++ b/.env',
  'diff --git a/.env b/.env',
  '@@ -1 +1 @@',
);

const head: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(name, name).map(([a, b]) => `diff --git a/${a} b/${b}\n`),
  fc.tuple(fc.constantFrom('new file', 'deleted file', 'old', 'new'), mode).map(([what, m]) => `${what} mode ${m}\n`),
  mode.map((m) => `index 1111111..2222222 ${m}\n`),
  fc.tuple(fc.constantFrom('rename', 'copy'), name, name).map(([what, a, b]) => `${what} from ${a}\n${what} to ${b}\n`),
  fc.constantFrom('similarity index 100%\n', 'GIT binary patch\n', 'Binary files a/a.txt and b/a.txt differ\n', '\n'),
);
const names: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('a/', 'a/', 'b/', ''), fc.constantFrom('b/', 'b/', ''), name, name, fc.nat(5))
  .map(([a, b, from, to, kind]) => {
    if (kind === 0) return `--- /dev/null\n+++ ${b}${to}\n`;
    if (kind === 1) return `--- ${a}${from}\n+++ /dev/null\n`;
    return `--- ${a}${from}\n+++ ${b}${kind < 5 ? from : to}\n`;
  });
const hunk: fc.Arbitrary<string> = fc
  .tuple(
    fc.nat(4),
    fc.array(fc.tuple(fc.constantFrom(' ', '-', '+'), line), { minLength: 1, maxLength: 5 }),
    fc.constantFrom(0, 0, 0, 0, 1),
  )
  .map(([start, lines, wrong]) => {
    const count = (mark: string) => lines.filter(([m]) => m === ' ' || m === mark).length + wrong;
    const body = lines.map(([mark, text]) => `${mark}${text}\n`).join('');
    return `@@ -${start},${count('-')} +${start},${count('+')} @@\n${body}`;
  });
/** One that fits, so that what stands around it is often all that is wrong. */
const fitting = fc.constantFrom(
  '@@ -1,3 +1,3 @@\n one\n-two\n+x\n three\n',
  '@@ -0,0 +1 @@\n+x\n',
  '@@ -1,3 +0,0 @@\n-one\n-two\n-three\n',
);
/** A part that is sound by itself. */
const sound = fc.constantFrom(
  '--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+x\n three\n',
  '--- a/a.txt\n+++ b/a.txt\n@@ -7,2 +7,1 @@\n two\n-three\n',
  '--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1 @@\n+x\n',
  'diff --git a/sub/new.txt b/sub/new.txt\nnew file mode 100755\n--- /dev/null\n+++ b/sub/new.txt\n@@ -0,0 +1 @@\n+x\n',
  '--- a/b.txt\n+++ /dev/null\n@@ -1,3 +0,0 @@\n-one\n-two\n-three\n',
  'diff --git a/sub/c.txt b/d.txt\nsimilarity index 100%\nrename from sub/c.txt\nrename to d.txt\n',
);
const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(names, fitting).map((parts) => parts.join('')),
  fc
    .tuple(fc.array(head, { maxLength: 3 }), names, fc.array(fc.oneof(hunk, fitting), { maxLength: 2 }))
    .map((parts) => parts.flat().join('')),
  head,
  hunk,
);
const patchOf: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 3, arbitrary: sound }, { weight: 2, arbitrary: hostile }), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''));

describe('no patch whatsoever', () => {
  test('is read in more than one way, or throws', () => {
    fc.assert(
      fc.property(fc.oneof(patchOf, fc.string({ unit: 'binary' })), fc.boolean(), (text, isWindows) => {
        const read = readPatch(isWindows ? text.replaceAll('\n', '\r\n') : text);
        expect(readPatch(text)).toEqual(read);
        if (!read.ok) return;
        const paths = pathsOfPatch(read.value);
        expect(paths.length).toBeGreaterThan(0);
        expect(new Set(paths.map((file) => file.toLowerCase())).size).toBe(paths.length);
        expect(text).not.toMatch(/^(?:GIT binary|Binary files|copy from|(?:old|new) mode)/m);
      }),
      { numRuns: 3000 },
    );
  });

  test('changes what was not decided on, or a part of it only', async () => {
    const { root, toolbox, request, worktree } = await bench(FILES);
    const outside = temporaryFolder();
    write(outside, { x: 'theirs\n' });
    fs.symlinkSync(outside, path.join(root, 'out'));
    fs.symlinkSync(path.join(outside, 'x'), path.join(root, 'file'));
    const start = await worktree.treeOf();
    let applied = 0;
    await fc.assert(
      fc.asyncProperty(patchOf, async (text) => {
        const asked = request('apply_patch', { patch: text });
        const facts = await toolbox.facts(asked);
        const before = await worktree.treeOf();
        const { outcome } = await toolbox.execute(asked, facts, new AbortController().signal);
        const changes = await worktree.changes(before, await worktree.treeOf());
        expect(outcome === 'ok').toBe(changes.length > 0);
        if (outcome === 'ok') applied++;
        // A deletion is decided as one: what is gone was asked about with that need.
        const written = facts.paths.filter(({ needs }) => needs === undefined).map(({ inside }) => inside);
        const gone = facts.paths.filter(({ needs }) => needs === 'repo_delete').map(({ inside }) => inside);
        for (const change of changes) {
          expect(change.after === null ? gone : written).toContain(change.path);
          expect(change.after?.mode ?? '100644').toMatch(/^100/);
          if (change.before !== null && change.after !== null) expect(change.after.mode).toBe(change.before.mode);
        }
        if (changes.length === 0) return;
        await worktree.git.run(root, ['read-tree', start], { env: worktree.env });
        await worktree.git.run(root, ['checkout-index', '--all', '--force'], { env: worktree.env });
        await worktree.git.run(root, ['clean', '-fdq'], { env: worktree.env });
      }),
      { numRuns: 150, interruptAfterTimeLimit: 100_000 },
    );
    expect(applied).toBeGreaterThan(5);
    expect(fs.readFileSync(path.join(outside, 'x'), 'utf8')).toBe('theirs\n');
    expect(fs.readdirSync(outside)).toEqual(['x']);
  }, 240_000);
});
