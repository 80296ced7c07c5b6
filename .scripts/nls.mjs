#!/usr/bin/env node
/**
 * Moves the texts for people in package.json to package.nls.json, each behind a %key%; keys that are there stay.
 * With `--check` it writes nothing and says which texts are plain, which keys have no text, and which texts no key leads to.
 */
import fs from 'node:fs';
import path from 'node:path';
import { root } from './lib/paths.mjs';

const TEXTS = new Set([
  ...[
    'title',
    'description',
    'markdownDescription',
    'contents',
    'altText',
    'displayName',
    'userDescription',
    'fullName',
  ],
  ...['enumDescriptions', 'markdownEnumDescriptions', 'enumItemLabels', 'category', 'contextualTitle', 'label'],
  ...['deprecationMessage', 'markdownDeprecationMessage', 'patternErrorMessage'],
]);
/** A name that is the same in every language. */
const PRODUCT = 'OpenExec';
const isKey = (text) => /^%[\w.-]+%$/.test(text);

/** Whether the text at this place of the manifest is read by people: a model reads a tool's schema, and a view alone has a name that is shown. */
function isForPeople(at) {
  if (at.includes('inputSchema')) return false;
  const field = at.findLast((part) => !/^\d+$/.test(part));
  if (field === 'name') return at[0] === 'contributes' && at[1] === 'views';
  return TEXTS.has(field) && (at[0] === 'contributes' || at[0] === 'capabilities' || at.join() === 'description');
}

/** What a part of the manifest is called in a key: by its own id where it has one, else by its field. */
const idOf = (value, field) => value.command ?? value.id ?? value.view ?? value.name ?? field;

/** Puts each text of the manifest behind a key. Returns the moved texts by key, and every key that the manifest uses. */
function keyed(manifest, known) {
  const moved = {};
  const used = new Set();
  const free = (wanted, text) => {
    for (let n = 1; ; n += 1) {
      const key = n === 1 ? wanted : `${wanted}.${n}`;
      const there = moved[key] ?? known[key];
      if (there === undefined || there === text) return key;
    }
  };
  const visit = (value, at, names) => {
    for (const [field, inner] of Object.entries(value)) {
      const place = [...at, field];
      if (typeof inner === 'object' && inner !== null) {
        visit(inner, place, [...names, Array.isArray(inner) ? field : idOf(inner, field)]);
      } else if (typeof inner === 'string' && isKey(inner)) {
        used.add(inner.slice(1, -1));
      } else if (typeof inner === 'string' && inner !== PRODUCT && inner !== '' && isForPeople(place)) {
        const key = free([...names, field].filter((name) => !PASSED.has(name)).join('.'), inner);
        moved[key] = inner;
        used.add(key);
        value[field] = `%${key}%`;
      }
    }
  };
  visit(manifest, [], []);
  return { moved, used };
}
/** Parts of a place that say nothing about the text. */
const PASSED = new Set(['contributes', 'configuration', 'properties']);

const read = (name, otherwise) =>
  fs.existsSync(path.join(root, name)) ? JSON.parse(fs.readFileSync(path.join(root, name), 'utf8')) : otherwise;
const write = (name, value) => fs.writeFileSync(path.join(root, name), `${JSON.stringify(value, null, 2)}\n`);

const manifest = read('package.json');
const known = read('package.nls.json', {});
const { moved, used } = keyed(manifest, known);
const all = { ...known, ...moved };
const without = [...used].filter((key) => all[key] === undefined);
const unused = Object.keys(known).filter((key) => !used.has(key));

for (const key of without) console.error(`nls: package.json uses %${key}%, and package.nls.json has no such text`);
if (process.argv.includes('--check')) {
  for (const text of Object.values(moved))
    console.error(`nls: plain text in package.json: "${text}"; run node .scripts/nls.mjs`);
  for (const key of unused) console.error(`nls: no %${key}% in package.json; take it out of package.nls.json`);
  process.exitCode = without.length + unused.length + Object.keys(moved).length > 0 ? 1 : 0;
} else {
  if (Object.keys(moved).length > 0) {
    write('package.nls.json', all);
    write('package.json', manifest);
  }
  process.exitCode = without.length > 0 ? 1 : 0;
}
