#!/usr/bin/env node
/**
 * `npm test`: installs what is missing, builds, runs every suite in turn, and ends with one line, `N passed, N failed, N
 * skipped`, over all of them. `npm test -- unit static` runs only those suites (see lib/suites.mjs; build always runs).
 */
import { checkTools, ensureHost, ensureRoot, fail } from './lib/install.mjs';

checkTools([20, 19]); // ESLint and Vite ask for it
await ensureRoot();
const { DEFAULT_SUITES, SUITES } = await import('./lib/suites.mjs');
const { line, step, sum } = await import('./lib/tally.mjs');

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(SUITES, name));
if (unknown.length > 0) fail(`no suite ${unknown.join(', ')}; there are ${Object.keys(SUITES).join(', ')}`);
const names = asked.length === 0 ? DEFAULT_SUITES : [...new Set(['build', ...asked])];

const tallies = new Map();
// Installed for every run, for the type check reads Playwright's types there.
await ensureHost();
if (names.includes('unit')) await getBubblewrap();
const browser = names.includes('host') || names.includes('e2e') ? await findOrGetBrowser() : null;
for (const name of names) {
  console.log(`\n== ${name}`);
  tallies.set(name, await tallyOf(name));
}

console.log('');
for (const [name, tally] of tallies) console.log(`${name}: ${line(tally)}`);
const total = sum([...tallies.values()]);
console.log(line(total));
process.exit(total.failed > 0 ? 1 : 0);

async function findOrGetBrowser() {
  const { ensureBrowser } = await import('./lib/browser.mjs');
  return ensureBrowser();
}

async function getBubblewrap() {
  const { ensureBubblewrap } = await import('./lib/bubblewrap.mjs');
  await ensureBubblewrap();
}

/** A suite that throws has failed; the others still run. */
async function tallyOf(name) {
  try {
    return await SUITES[name]({ browser });
  } catch (error) {
    console.error(error);
    return step(false);
  }
}
