/** A made-up run in a monorepo, bound by the gatekeeper's plan: refused outside of its zones, widened, and made sensitive. */
import type { DataOf } from '../../src/core/events/schema';
import type { PendingApproval } from '../../src/protocol/approval';
import type { ContextQuestion } from '../../src/protocol/contextQuestion';
import type { RunView } from '../../src/protocol/messages';
import { RunWriter, SNAPSHOT, sha } from './runWriter';
import { COMMIT, origin, viewOf } from './timelineRun';

const CLOUD = { provider: 'openai', name: 'gpt-5', destination: 'api.openai.com', local: false };

const PROPOSED: DataOf<'plan.proposed'> = {
  classifier: 'openexec-gatekeeper-1',
  ms: 4,
  plan: {
    mode: 'run',
    intent: 'bugfix',
    surface: 'backend',
    toolset: 'coding_backend',
    blueprint: 'quick_fix',
    zones: ['packages/api/**', 'packages/money/**'],
    excluded: ['**/.env*', 'config/production.env', 'packages/api/fixtures/customers.csv'],
    sensitivity: 'medium',
    risk: ['destructive'],
    route: 'cloud',
    confidence: 0.58,
    unsure: true,
    reasons: [
      'rule: touches security-relevant code',
      'zone packages/api/**: the task names packages/api/src/login.ts',
      'zone packages/money/**: packages/api builds on it',
      'model: intent bugfix, 58 % sure',
    ],
  },
  classification: {
    intent: 'bugfix',
    surface: 'backend',
    sensitivity: 'low',
    risk: [],
    confidence: 0.58,
    unsure: ['intent', 'risk'],
  },
  facts: {
    files: 48_211,
    packageCount: 37,
    packages: [{ root: 'packages/api', name: '@tally/api', uses: ['packages/money'] }],
    named: [
      { what: 'path', text: 'packages/api/src/login.ts', paths: ['packages/api/src/login.ts'] },
      {
        what: 'symbol',
        text: 'renewSession',
        paths: ['packages/api/src/session.ts', 'packages/api/test/session.test.ts'],
      },
      { what: 'word', text: 'ledger', paths: [] },
    ],
    ignored: [
      { glob: 'packages/api/fixtures/customers.csv', from: 'looks like a dump of data' },
      { glob: 'packages/web/src/generated/**', from: '.openexecignore' },
    ],
  },
};

export const CONTEXT: ContextQuestion = {
  files: [
    { path: 'packages/api/src/login.ts', lines: [1, 84], bytes: 2_911, why: 'named in the task' },
    { path: 'packages/api/src/session.ts', lines: [12, 40], bytes: 1_020, why: 'defines renewSession' },
    { path: 'packages/api/src/session.ts', lines: [96, 131], bytes: 1_388, why: 'calls renewSession' },
    { path: 'packages/api/test/session.test.ts', lines: [1, 60], bytes: 2_204, why: 'tests beside the code' },
    {
      path: 'packages/money/src/round\u202Est.ts',
      lines: [1, 30],
      bytes: 713,
      why: 'imported by packages/api/src/login.ts',
    },
  ],
  bytes: 8_236,
  destination: 'api.openai.com',
};

/** The question what of the context may be sent. */
export const SENDING: PendingApproval = {
  ...COMMIT,
  approval: 'gather.1.context',
  title: 'Send 5 files (8236 bytes) to api.openai.com?',
  detail: JSON.stringify(CONTEXT),
  tool: null,
  asks: null,
  context: CONTEXT,
};

/** The question whether a run that met sensitive data goes on with a model elsewhere. */
export const SENSITIVE: PendingApproval = {
  ...COMMIT,
  approval: 'sensitive',
  title: 'Go on with gpt-5 at api.openai.com? The run has met sensitive data.',
  detail: 'What was found is replaced by placeholders in everything that is sent; the rest of what is read is sent.',
  tool: null,
  asks: null,
};

/** `problem`: why the local model did not answer. */
export function boundedRun(problem?: string): RunWriter {
  const run = new RunWriter();
  run.add('run.started', { ...origin, model: CLOUD, flags: { engine: 4, prompt: 2 } });
  run.add('plan.proposed', problem === undefined ? PROPOSED : { ...PROPOSED, classification: null, problem });
  run.add('plan.accepted', {
    by: 'person in VS Code',
    plan: { ...PROPOSED.plan, zones: ['packages/api/**'] },
    changes: [
      'zones: packages/api/** (proposed: packages/api/**, packages/money/**)',
      'what will be sent is shown first',
    ],
  });
  run.node('gather', 1, 'deterministic', 'build context', () => gather(run), ['success', 'work']);
  run.node('work', 1, 'agent', 'make the change', () => work(run), ['success', 'done']);
  return run;
}

function gather(run: RunWriter): void {
  run.tool('build_context', {}, {}, (call) => {
    const files = CONTEXT.files.map((file) => ({ ...file, sha256: sha(file.path) }));
    run.add('context.built', { call, files, withheld: [], bytes: CONTEXT.bytes });
  });
  const about = { approval: SENDING.approval, call: null, snapshot: SNAPSHOT };
  run.add('approval.requested', { ...about, title: SENDING.title, detail: SENDING.detail, context: true });
  run.add('approval.resolved', {
    approval: SENDING.approval,
    verdict: 'approved',
    by: 'person in VS Code',
    reason: '',
    leftOut: ['packages/api/test/session.test.ts'],
  });
}

function work(run: RunWriter): void {
  run.add('egress.sent', {
    provider: CLOUD.provider,
    model: CLOUD.name,
    destination: CLOUD.destination,
    parts: [
      { source: 'system', bytes: 1_804, sha256: sha('system'), redactions: {} },
      {
        source: 'context',
        bytes: 5_319,
        sha256: sha('context'),
        redactions: { email: 2 },
        files: [
          { path: 'packages/api/src/login.ts', lines: [1, 84] },
          { path: 'packages/api/src/session.ts', lines: [12, 40] },
          { path: 'packages/api/src/session.ts', lines: [96, 131] },
          { path: 'packages/api/README.md', lines: null },
        ],
      },
    ],
    carried: { parts: 0, bytes: 0 },
    bytes: 7_123,
  });
  refused(run, 'packages/money/src/round.ts', 'zones', 'is outside of the zones of this run (packages/api/**)');
  run.add('zones.widened', {
    zones: ['packages/money/**'],
    by: 'person in VS Code',
    reason: 'after read_file packages/money/src/round.ts was refused',
  });
  refused(run, 'config/production.env', 'excluded', 'is kept out of this run (config/production.env)');
  const call = run.tool('read_file', { path: 'packages/api/src/session.ts' });
  run.add('sensitivity.raised', { from: 'medium', to: 'high', kinds: { 'aws-key': 1, 'private-key': 2 }, call });
}

/** A call that the plan refuses. */
function refused(run: RunWriter, path: string, rule: 'zones' | 'excluded', reason: string): void {
  const call = `bound-${path}`;
  const facts = { paths: [{ asked: path, inside: path, problem: null }] };
  const input = JSON.stringify({ path });
  const cause = run.add('tool.requested', { call, tool: 'read_file', input, origin: 'agent', facts });
  const decision = {
    call,
    tool: 'read_file',
    capability: 'none',
    decision: 'deny',
    rule,
    layer: 'gatekeeper',
  } as const;
  run.add('policy.decided', { ...decision, reason: `${path} ${reason}`, snapshot: SNAPSHOT }, 2, cause);
  run.finish(call, 'read_file', { outcome: 'denied', output: `${path} ${reason}` });
}

export const boundedView = (run: RunWriter, change: Partial<RunView> = {}): RunView =>
  viewOf(run, {
    model: 'openai:gpt-5',
    recorded: false,
    status: 'running',
    reason: '',
    currentNode: 'work',
    attempt: 1,
    endedAt: null,
    branch: null,
    result: 'none',
    canDiscard: false,
    canPause: true,
    denials: 2,
    filesChanged: [],
    ...change,
  });
