/** `openexec doctor`: what is found, what to do about each thing that is not fine, and what is sent while looking. */
import fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CliEnd, cli, expectRefusal, jsonOf, project, sampleFolder, temporaryFolder } from '../../support/cli';

type Check = { name: string; ok: boolean; detail: string };
const checksOf = (end: CliEnd): Map<string, Check> =>
  new Map(jsonOf<{ checks: Check[] }>(end).checks.map((check) => [check.name, check]));

const doctor = (folder: string, args: readonly string[] = [], env: Record<string, string> = {}) =>
  cli(['doctor', '--workspace', folder, '--json', ...args], { env });

/** A server that lists its models, and what it was asked. */
async function listing(models: readonly string[]) {
  const asked: { line: string; headers: object }[] = [];
  const server = createServer((request, response) => {
    asked.push({ line: `${request.method} ${request.url}`, headers: request.headers });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data: models.map((id) => ({ id })) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise((resolve) => server.close(resolve));
  onTestFinished(() => void close());
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close };
}

describe('the doctor', () => {
  it('finds git, repository, sandbox, gatekeeper model with its hash, store, policy, commands and the recording', async () => {
    const folder = sampleFolder();
    const before = fs.readdirSync(path.join(folder, '.openexec')).sort();
    const end = await doctor(folder);
    const checks = checksOf(end);
    expect([...checks.keys()]).toEqual([
      ...['git', 'repository', 'sandbox', 'gatekeeper model', 'store', 'policy', 'project commands', 'model'],
    ]);
    expect(checks.get('git')?.detail).toMatch(/^git \d+\./);
    expect(checks.get('gatekeeper model')).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/SHA-256 [0-9a-f]{64}$/),
    });
    expect(checks.get('store')).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/is made with the first run$/),
    });
    expect(checks.get('policy')).toMatchObject({ ok: true, detail: 'standard (shipped with OpenExec)' });
    expect(checks.get('project commands')).toMatchObject({ ok: true, detail: expect.stringMatching(/test: /) });
    expect(checks.get('model')).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/^recorded:\S+ at this machine \(recorded\)/),
    });
    expect(end.code).toBe([...checks.values()].every(({ ok }) => ok) ? 0 : 1);
    // Looking makes nothing.
    expect(fs.readdirSync(path.join(folder, '.openexec')).sort()).toEqual(before);
  });

  it('says what to do about everything that is not fine, and ends with 1', async () => {
    const folder = temporaryFolder();
    const end = await doctor(folder, ['--policy', 'nothing'], { PATH: '/nowhere' });
    const checks = checksOf(end);
    expect(end.code).toBe(1);
    const wrong = [...checks.values()].filter(({ ok }) => !ok);
    expect(wrong.map(({ name }) => name)).toEqual([
      'git',
      'repository',
      'sandbox',
      'policy',
      'project commands',
      'model',
    ]);
    expect(checks.get('sandbox')?.detail).toMatch(/bubblewrap|sandbox/i);
    expect(checks.get('project commands')?.detail).toContain('.openexec/project.yaml');
    expect(checks.get('model')?.detail).toMatch(
      /none is configured\. Set openexec\.model .*--model.*ANTHROPIC_API_KEY/,
    );
    for (const { detail } of wrong) expect(detail).toMatch(/^[^\n]{20,}$/);
  });

  it('reports a project file that is broken, at its line', async () => {
    const folder = sampleFolder({ '.openexec/project.yaml': `${project({ test: 'a' })}nonsense: [` });
    expect(checksOf(await doctor(folder)).get('project commands')).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/project\.yaml:\d+:\d+/),
    });
  });

  it('counts the runs of a store that is there', { timeout: 120_000 }, async () => {
    const folder = sampleFolder();
    await cli(['run', '--workspace', folder, '--blueprint', 'quick_fix', '--task', 'Something else']);
    expect(checksOf(await doctor(folder)).get('store')).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/, 1 run\(s\) in its index$/),
    });
  });

  it('refuses what it does not know', async () => {
    expectRefusal(
      await cli(['doctor', '--frobnicate']),
      2,
      /allowed: --json, --store, --workspace, --policy, --model, --base-url/,
    );
  });
});

describe("the doctor and a model's server", () => {
  it('on this machine asks for the list of its models, and for nothing else', async () => {
    const server = await listing(['llama3', 'other']);
    const args = ['--model', 'openai-compatible:llama3', '--base-url', `${server.baseUrl}/v1`];
    const checks = checksOf(await doctor(sampleFolder(), args));
    expect(checks.get('model')).toMatchObject({ ok: true, detail: expect.stringMatching(/which counts as local/) });
    expect(checks.get('key')).toMatchObject({ ok: true });
    expect(checks.get('provider')).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/answers, and has llama3$/),
    });
    expect(server.asked.map(({ line }) => line)).toEqual(['GET /v1/models']);
  });

  it('says when that has not the model, and which it has', async () => {
    const server = await listing(['llama3']);
    const args = ['--model', 'openai-compatible:qwen', '--base-url', `${server.baseUrl}/v1`];
    expect(checksOf(await doctor(sampleFolder(), args)).get('provider')).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/has llama3, not "qwen"\. Load it there/),
    });
  });

  it('says when nobody answers there', async () => {
    const server = await listing([]);
    await server.close();
    const args = ['--model', 'openai-compatible:x', '--base-url', `${server.baseUrl}/v1`];
    expect(checksOf(await doctor(sampleFolder(), args)).get('provider')).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/Start the server/),
    });
  });

  it('elsewhere sends one request for the base address, without a key, a header or a word', async () => {
    const server = await listing(['x']);
    // Declared not to be local: it is treated as any server elsewhere.
    const entry = { protocol: 'chat', baseUrl: `${server.baseUrl}/v1`, local: false, headers: ['X-Team'] };
    const models = path.join(temporaryFolder(), 'models.json');
    fs.writeFileSync(models, JSON.stringify({ gate: entry }));
    const env = { OPENEXEC_MODELS: models, OPENEXEC_KEY_GATE: 'canary-key-1', OPENEXEC_HEADER_GATE_X_TEAM: 'canary-2' };
    const end = await doctor(sampleFolder(), ['--model', 'gate:x'], env);
    const checks = checksOf(end);
    expect(checks.get('key')).toMatchObject({ ok: true, detail: expect.stringMatching(/there is one for gate/) });
    expect(checks.get('provider')).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/answers; it was asked for nothing else, without a key/),
    });
    expect(server.asked.map(({ line }) => line)).toEqual(['HEAD /v1']);
    expect(JSON.stringify(server.asked) + end.stdout + end.stderr).not.toContain('canary');
  });

  it('says that there is no key, and how to set one', async () => {
    const models = path.join(temporaryFolder(), 'models.json');
    // Not loopback by its name, and nobody answers there.
    const entry = { protocol: 'anthropic', baseUrl: 'https://0.0.0.0:9', local: false };
    fs.writeFileSync(models, JSON.stringify({ gate: entry, broken: {} }));
    const checks = checksOf(await doctor(sampleFolder(), ['--model', 'gate:x'], { OPENEXEC_MODELS: models }));
    expect(checks.get('key')).toMatchObject({ ok: false, detail: expect.stringMatching(/OPENEXEC_KEY_GATE/) });
    expect(checks.get('provider')).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/Check the address, the network and the proxy/),
    });
    expect(checks.get('model settings')).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/The entry "broken"/),
    });
  });
});
