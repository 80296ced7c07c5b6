#!/usr/bin/env node
/**
 * Pictures of the timeline without VS Code: builds the webview, opens it in a headless Chromium under the extension's own
 * strict CSP with a made-up run and the colours of VS Code's themes, and takes pictures of each state at each width.
 *
 *     node test/support/webviewPreview.mjs [OUT [SCENE…]]     (default: out/preview, all scenes)
 *
 * Ends with 1 when the page reports an error or a violation of the CSP.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { THEMES } from './themes.mjs';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const { chromium } = createRequire(path.join(root, 'test/host/package.json'))('playwright-core');
const out = path.resolve(process.argv[2] ?? path.join(root, 'out/preview'));
const only = process.argv.slice(3);
const ORIGIN = 'http://preview.test';
const NONCE = 'bm9uY2U';
const CSP = `default-src 'none'; img-src ${ORIGIN}; font-src ${ORIGIN}; style-src ${ORIGIN} 'nonce-${NONCE}'; script-src 'nonce-${NONCE}'`;

async function main() {
  fs.mkdirSync(out, { recursive: true });
  const assets = await bundle();
  // The scenes read the shipped blueprints.
  process.chdir(root);
  const scenes = await scenesOf();
  const shots = only.length === 0 ? SHOTS : SHOTS.filter(({ scene }) => only.includes(scene));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  const problems = [];
  try {
    for (const shot of shots) await take(browser, shot, scenes[shot.scene], assets, problems);
  } finally {
    await browser.close();
  }
  for (const problem of problems) console.error(problem);
  console.log(`${shots.length} pictures in ${out}, ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

/** `select`: an event to show (from the end when negative). */
const SHOTS = [
  ...[1200, 700, 320].flatMap((width) => [
    { scene: 'finished', theme: 'dark', width },
    { scene: 'finished', theme: 'light', width },
    { scene: 'waiting', theme: 'dark', width },
  ]),
  { scene: 'waiting', theme: 'light', width: 1200 },
  { scene: 'denied', theme: 'dark', width: 1200 },
  { scene: 'denied', theme: 'light', width: 320 },
  { scene: 'diff', theme: 'light', width: 1200 },
  { scene: 'model', theme: 'dark', width: 1200 },
  { scene: 'context', theme: 'light', width: 700 },
  { scene: 'live', theme: 'dark', width: 1200 },
  { scene: 'finished', theme: 'contrast', width: 1200 },
  { scene: 'diff', theme: 'contrast', width: 700 },
  { scene: 'interrupted', theme: 'dark', width: 1200 },
  { scene: 'interrupted', theme: 'light', width: 320 },
  { scene: 'imported', theme: 'light', width: 1200 },
  { scene: 'large', theme: 'dark', width: 1200 },
  { scene: 'large', theme: 'light', width: 320 },
  { scene: 'empty', theme: 'dark', width: 320 },
  { scene: 'outdated', theme: 'light', width: 700 },
  { scene: 'finished', theme: 'dark', width: 1200, forced: true },
  ...[1400, 900, 350].flatMap((width) => [
    { scene: 'graph', theme: 'dark', width },
    { scene: 'graph', theme: 'light', width },
    { scene: 'blueprint', theme: 'dark', width },
    { scene: 'blueprint', theme: 'light', width },
  ]),
  { scene: 'graphLive', theme: 'dark', width: 1400 },
  { scene: 'graph', theme: 'contrast', width: 1400 },
  { scene: 'graph', theme: 'dark', width: 1400, forced: true },
  { scene: 'blueprintWrong', theme: 'light', width: 900 },
  { scene: 'blueprintLarge', theme: 'dark', width: 1400 },
  { scene: 'blueprintLarge', theme: 'light', width: 350 },
  ...['command', 'written', 'question', 'explained', 'drifted'].flatMap((scene) => [
    { scene, theme: 'dark', width: 1200 },
    { scene, theme: 'light', width: 350 },
    { scene, theme: 'contrast', width: 900 },
  ]),
  ...['sending', 'plan', 'outside'].flatMap((scene) => [
    { scene, theme: 'dark', width: 1200 },
    { scene, theme: 'light', width: 350 },
    { scene, theme: 'contrast', width: 900 },
  ]),
  ...['sensitive', 'planAlone', 'accepted', 'egress', 'widened'].map((scene) => ({
    scene,
    theme: 'light',
    width: 1200,
  })),
  { scene: 'egress', theme: 'dark', width: 350 },
  ...['charts', 'diverged', 'menu'].flatMap((scene) => [
    { scene, theme: 'dark', width: 1200 },
    { scene, theme: 'light', width: 700 },
    { scene, theme: 'contrast', width: 320 },
    { scene, theme: 'dark', width: 320 },
  ]),
  ...['checking', 'sound', 'unsound'].flatMap((scene) => [
    { scene, theme: 'dark', width: 700 },
    { scene, theme: 'light', width: 320 },
  ]),
  ...['fileChanged', 'files', 'requested', 'toolReported'].flatMap((scene) => [
    { scene, theme: 'dark', width: 1200 },
    { scene, theme: 'light', width: 320 },
    { scene, theme: 'contrast', width: 900 },
  ]),
  ...['toolChanged', 'toolApproved', 'tests'].map((scene) => ({ scene, theme: 'light', width: 1200 })),
  { scene: 'files', theme: 'dark', width: 900, forced: true },
  { scene: 'charts', theme: 'dark', width: 1200, forced: true },
  { scene: 'diverged', theme: 'contrast', width: 1200 },
  // The side bar: little room, beside and below the Runs view.
  ...['finished', 'waiting', 'live', 'interrupted', 'empty'].flatMap((scene) => [
    { scene, theme: 'dark', width: 300, height: 500, compact: true },
    { scene, theme: 'light', width: 420, height: 700, compact: true },
  ]),
  { scene: 'finished', theme: 'contrast', width: 300, height: 500, compact: true },
  { scene: 'editable', theme: 'dark', width: 900 },
  { scene: 'editable', theme: 'light', width: 350 },
];

async function bundle() {
  const built = await build({
    absWorkingDir: root,
    entryPoints: { main: 'webview-ui/src/main.tsx' },
    outdir: '/',
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    jsx: 'automatic',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return new Map(built.outputFiles.map((file) => [path.basename(file.path), Buffer.from(file.contents)]));
}

/** The messages of each scene, made by the protocol's own code. */
async function scenesOf() {
  const file = path.join(out, 'scenes.cjs');
  await build({
    stdin: { contents: "export * from './test/support/timelineScenes'", resolveDir: root, loader: 'ts' },
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
  });
  const { scenes } = createRequire(import.meta.url)(file);
  fs.rmSync(file);
  return scenes();
}

async function take(browser, shot, scene, assets, problems) {
  const { scene: name, theme, width, height = width === 320 ? 900 : 800, forced = false, compact = false } = shot;
  const label = `${name}-${theme}${forced ? '-forced' : ''}${compact ? '-compact' : ''}-${width}`;
  const context = await browser.newContext({
    viewport: { width, height },
    ...(forced ? { forcedColors: 'active' } : {}),
  });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(`${label}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`${label}: ${error.message}`));
  await page.route(`${ORIGIN}/**`, (route) => serve(route, { scene, theme, compact }, assets));
  await page.goto(`${ORIGIN}/`);
  if (scene.press !== undefined) await page.click(scene.press);
  await page.waitForSelector(scene.ready);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: path.join(out, `${label}.png`), animations: 'disabled' });
  const scrolls = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
  if (scrolls) problems.push(`${label}: the page scrolls sideways`);
  await context.close();
}

const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' };

function serve(route, { scene, theme, compact }, assets) {
  const name = path.basename(new URL(route.request().url()).pathname);
  const asset = assets.get(name);
  if (asset !== undefined) return route.fulfill({ body: asset, contentType: TYPES[path.extname(name)] });
  if (name === 'theme.css') return route.fulfill({ body: THEMES[theme], contentType: 'text/css' });
  return route.fulfill({
    body: pageOf(scene, compact),
    contentType: 'text/html',
    headers: { 'content-security-policy': CSP },
  });
}

/** What VS Code's frame does: it hands out the API, and delivers what the host posts. */
function pageOf(scene, compact) {
  const data = JSON.stringify(scene).replaceAll('<', '\\u003c');
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta property="csp-nonce" content="${NONCE}"><title>OpenExec Timeline</title>
<link rel="stylesheet" href="/theme.css"><link rel="stylesheet" href="/main.css"></head><body><div id="root" data-layout="${compact ? 'compact' : 'full'}"></div>
<script nonce="${NONCE}">
const scene = ${data};
const say = (message) => setTimeout(() => window.postMessage(message, '*'), 0);
window.acquireVsCodeApi = () => ({
  getState: () => scene.saved,
  setState: () => {},
  postMessage: (message) => {
    if (message.type === 'ready') scene.messages.forEach(say);
    if (message.type === 'details') say(scene.details[message.seq]);
    if (message.type === 'explain') say(scene.explanation);
    if (message.type === 'change' && scene.change) say(scene.change);
    if (message.type === 'selected') say(scene.moments[message.seq]);
  },
});
</script><script nonce="${NONCE}" src="/main.js"></script></body></html>`;
}

await main();
