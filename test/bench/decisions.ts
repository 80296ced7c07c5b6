/**
 * How long a decision takes: over a path, and over a command line from its text to the answer. The facts are given, as in
 * a run they were looked up before. In the same run Cedar decides the same requests; of a command it is given what our
 * analysis found, for it reads no command lines.
 */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { parseYaml } from '../../src/core/kernel/yaml';
import { decide } from '../../src/core/policy/evaluate';
import { requestOf } from '../../src/core/policy/request';
import { type Policy, policySchema, type Snapshot } from '../../src/core/policy/schema';
import { cedarPeer, expressible } from './cedarPeer';
import { median } from './measure';

export type Decisions = {
  /** Medians in microseconds. */
  readonly path: number;
  readonly command: number;
  /** Ours divided by Cedar's, the median of the rounds. */
  readonly pathRatio: number;
  readonly commandRatio: number;
  readonly cedarPath: number;
  readonly cedarCommand: number;
  readonly paths: number;
  readonly lines: number;
};

const ROUNDS = 7;
const WARMING = 3000;

const caseSchema = z.array(z.looseObject({ action: z.object({ tool: z.string(), input: z.looseObject({}) }) }));

/** `root` is that of the checkout: its standard policy, its corpus, its packages. */
export function measureDecisions(root: string): Decisions {
  const policy = standardPolicy(root);
  const snapshot = snapshotOf(policy);
  const cedar = cedarPeer(policy, path.join(root, 'package.json'));
  const paths = samplePaths();
  const lines = sampleLines(root);
  agree(policy, cedar.allows, paths);

  const overPath = (at: number) => {
    const inside = paths[at % paths.length] ?? '';
    const facts = [{ asked: inside, inside, problem: null }];
    return decide(snapshot, { tool: 'read_file', capability: 'repo_read', paths: facts }).decision;
  };
  const overCommand = (at: number) => {
    const command = lines[at % lines.length] ?? '';
    return decide(snapshot, requestOf({ tool: 'run_command', input: { command } }, { paths: [] }, snapshot.commands));
  };
  const lowered = paths.map((name) => `/${name.toLowerCase()}`);
  const capabilities = lines.map((command) => {
    const call = { tool: 'run_command', input: { command } } as const;
    return requestOf(call, { paths: [] }, snapshot.commands).capability;
  });
  const cedarPath = (at: number) => cedar.allows('repo_read', lowered[at % lowered.length] ?? '');
  const cedarCommand = (at: number) => cedar.allows(capabilities[at % capabilities.length] ?? '', '/');

  const ways = [overPath, cedarPath, overCommand, cedarCommand];
  for (const way of ways) for (let at = 0; at < WARMING; at++) way(at);
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    const order = round % 2 === 0 ? ways : ways.toReversed();
    const times = new Map(order.map((way) => [way, typical(way, 2 * Math.max(paths.length, lines.length))]));
    return ways.map((way) => times.get(way) ?? Number.NaN);
  });
  const of = (at: number): number => median(rounds.map((times) => times[at] ?? Number.NaN));
  const ratio = (ours: number, theirs: number): number =>
    median(rounds.map((times) => (times[ours] ?? Number.NaN) / (times[theirs] ?? Number.NaN)));
  return {
    path: of(0),
    cedarPath: of(1),
    command: of(2),
    cedarCommand: of(3),
    pathRatio: ratio(0, 1),
    commandRatio: ratio(2, 3),
    paths: paths.length,
    lines: lines.length,
  };
}

/** The median of single calls, in microseconds. */
function typical(way: (at: number) => unknown, calls: number): number {
  const times: number[] = [];
  for (let at = 0; at < calls; at++) {
    const start = process.hrtime.bigint();
    way(at);
    times.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  return median(times);
}

/** Both must give the same answer where both can say the same; else they would not be compared over the same policy. */
function agree(policy: Policy, allows: (capability: string, path: string) => boolean, paths: readonly string[]): void {
  const rules = policy.rules.map(({ paths: globs, ...rule }) =>
    globs === undefined ? rule : { ...rule, paths: globs.filter(expressible) },
  );
  const snapshot = snapshotOf({ ...policy, rules });
  for (const inside of paths) {
    const facts = [{ asked: inside, inside, problem: null }];
    const ours = decide(snapshot, { tool: 'read_file', capability: 'repo_read', paths: facts }).decision === 'allow';
    if (ours !== allows('repo_read', `/${inside.toLowerCase()}`))
      throw new Error(`Cedar decides ${inside} differently`);
  }
}

function standardPolicy(root: string): Policy {
  const parsed = parseYaml(fs.readFileSync(path.join(root, 'policies/standard.yaml'), 'utf8'), policySchema);
  if (!parsed.ok) throw new Error('the standard policy cannot be read');
  return parsed.value.value;
}

const snapshotOf = (policy: Policy): Snapshot => ({
  policy,
  toolset: { version: 1, id: 'all', description: '', tools: ['read_file', 'run_command'] },
  commands: { test: { argv: ['npm', 'run', 'test'], source: 'package.json' } },
  blueprint: '',
  model: '',
  gatekeeper: '',
});

/** Paths of a project: folders, depths and endings in every combination, a few of them withheld. */
function samplePaths(): string[] {
  const folders = [
    '',
    'src/',
    'src/core/',
    'src/core/policy/',
    'docs/',
    'test/unit/',
    'packages/a/src/',
    'config/',
    '.ssh/',
  ];
  const names = [
    'index',
    'environment',
    'secrets',
    'README',
    'money.test',
    'keyboard',
    'id_rsa',
    'server',
    '.env',
    'a b',
  ];
  const endings = ['', '.ts', '.tsx', '.js', '.json', '.md', '.yaml', '.pem', '.key', '.local'];
  return folders.flatMap((folder) => names.flatMap((name) => endings.map((ending) => `${folder}${name}${ending}`)));
}

/** The command lines of the corpus, attacks and ordinary ones. */
function sampleLines(root: string): string[] {
  const folder = path.join(root, 'test/policy/cases');
  const files = fs.readdirSync(folder).filter((name) => name.startsWith('commands') && name.endsWith('.yaml'));
  return files.flatMap((name) => {
    const parsed = parseYaml(fs.readFileSync(path.join(folder, name), 'utf8'), caseSchema);
    if (!parsed.ok) throw new Error(`${name} cannot be read`);
    return parsed.value.value.flatMap(({ action }) => {
      const { command } = action.input;
      return action.tool === 'run_command' && typeof command === 'string' ? [command] : [];
    });
  });
}
