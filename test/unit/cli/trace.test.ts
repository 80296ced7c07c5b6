/** `trace`: recorded runs at a collector that takes nothing which is not OTLP. */
import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { afterEach, describe, expect, it } from 'vitest';
import { cli, jsonOf, temporaryFolder } from '../../support/cli';
import { type CollectedSpan, type Collector, startCollector } from '../../support/collector';
import { copyRecordedRun, recordedEvents } from '../../support/goldenStore';

let collector: Collector | null = null;
afterEach(async () => {
  await collector?.close();
  collector = null;
});

async function send(version: string, flags: readonly string[] = [], env: Record<string, string> = {}) {
  const root = temporaryFolder();
  const run = copyRecordedRun(version, root);
  const at = collector ?? (await startCollector());
  collector = at;
  const end = await cli(['trace', run, '--endpoint', at.endpoint, '--store', root, '--json', ...flags], { env });
  return { run, end, ...at };
}

const attribute = ({ attributes }: CollectedSpan, name: string): unknown =>
  Object.values(attributes.find(({ key }) => key === name)?.value ?? {})[0];

describe.each(['v1', 'v3', 'v5'])('a run of the record %s', (version) => {
  const recorded = recordedEvents(version);
  const many = (type: string) => recorded.filter((event) => event.type === type).length;

  it('comes as one trace: the run, its nodes, what was asked of models, its calls', async () => {
    const { end, spans } = await send(version);
    expect(end.code, end.stderr).toBe(0);
    expect(jsonOf<{ spans: number }>(end).spans).toBe(spans.length);
    const doing = (operation: string) =>
      spans.filter((span) => attribute(span, 'gen_ai.operation.name') === operation).length;
    expect(doing('invoke_workflow')).toBe(1);
    expect(doing('chat')).toBe(many('model.requested'));
    expect(doing('execute_tool')).toBe(many('tool.requested'));
    expect(spans.filter((span) => attribute(span, 'openexec.node') !== undefined)).toHaveLength(many('node.started'));
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  });

  it('hangs together: each span but the first has its parent in the trace, and lies within the run', async () => {
    const { spans } = await send(version);
    const ids = new Set(spans.map(({ spanId }) => spanId));
    expect(ids.size).toBe(spans.length);
    const [root, ...others] = spans;
    expect(root?.parentSpanId).toBeUndefined();
    for (const span of others) {
      expect(ids).toContain(span.parentSpanId);
      expect(BigInt(span.startTimeUnixNano)).toBeLessThanOrEqual(BigInt(span.endTimeUnixNano));
      expect(BigInt(span.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(root?.startTimeUnixNano ?? 0));
    }
  });

  it('says which calls were refused, and by which rule', async () => {
    const { spans } = await send(version);
    const denied = spans.filter((span) => attribute(span, 'openexec.policy.decision') === 'deny');
    const decisions = recorded.filter((event) => event.type === 'policy.decided' && event.data.decision === 'deny');
    expect(denied).toHaveLength(decisions.length);
    for (const span of denied) {
      expect(attribute(span, 'openexec.policy.rule')).not.toBe('');
      expect(span.status.code).toBe(2);
    }
  });
});

it('leaves out what people and models wrote, unless it is asked for', async () => {
  const { text } = await send('v5');
  const started = recordedEvents('v5').find((event) => event.type === 'run.started');
  const task = started?.type === 'run.started' && typeof started.data.task === 'string' ? started.data.task : '';
  expect(task).not.toBe('');
  expect(text()).not.toContain(JSON.stringify(task).slice(1, -1));
  expect(text()).not.toMatch(
    /messages|tool\.call\.(arguments|result)|"openexec\.(task|file)"|Make the smallest change/,
  );
  const whole = await send('v5', ['--content', 'all']);
  expect(whole.text()).toContain(JSON.stringify(task).slice(1, -1));
  expect(whole.spans.some((span) => attribute(span, 'gen_ai.input.messages') !== undefined)).toBe(true);
});

it('is the same trace whenever it is sent, so that a backend holds it once', async () => {
  const first = await send('v3');
  const before = [...first.spans];
  const second = await send('v3');
  expect(second.spans.slice(before.length)).toEqual(before);
});

it('uses no name of the conventions that they do not have', async () => {
  const { spans } = await send('v5', ['--content', 'all']);
  const known = new Set(Object.values(conventions));
  const used = new Set(spans.flatMap(({ attributes }) => attributes.map(({ key }) => key)));
  for (const name of used) if (!name.startsWith('openexec.')) expect(known).toContain(name);
});

it('sends the headers of the environment along', async () => {
  const { headers } = await send('v1', [], { OTEL_EXPORTER_OTLP_HEADERS: 'x-scope=team-a' });
  expect(headers[0]).toMatchObject({ 'x-scope': 'team-a', 'content-type': 'application/json' });
});

it('says when the collector does not take it, and when no collector is named', async () => {
  collector = await startCollector(403);
  const refused = await send('v1');
  expect([refused.end.code, refused.end.stdout]).toEqual([1, '']);
  expect(refused.end.stderr).toMatch(
    /^openexec: the collector at http:\/\/127\.0\.0\.1:\d+\/v1\/traces did not take the trace/m,
  );
  const nowhere = await cli(['trace', refused.run]);
  expect(nowhere.code).toBe(2);
  expect(nowhere.stderr).toMatch(/address of a collector/);
});
