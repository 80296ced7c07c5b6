import packageJson from '../../../package.json';
import { OpenExecError } from '../../core/kernel/errors';
import { sendTrace } from '../../node/traces/sendTrace';
import { traceOf } from '../../node/traces/traceOf';
import { openRuntime } from '../compose';
import { EXIT } from '../exit';
import { choice, parseFlags, text } from '../flags';
import { TRACE_CONTENT } from '../grammar';
import { print } from '../output';

/** `trace`: sends a run to an OpenTelemetry collector; without what people and models wrote unless that is asked for. */
export async function trace(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, 'trace', 1);
  const endpoint = endpointOf(text(flags, 'endpoint'));
  const content = choice(flags, 'content', TRACE_CONTENT, 'none') === 'all';
  const { store } = await openRuntime(flags, 'existing');
  try {
    const made = await traceOf(store, flags.names[0] ?? '', content);
    await sendTrace(made, { endpoint, version: packageJson.version });
    print(flags, { traceId: made.id, spans: made.spans.length, endpoint, content }, ({ traceId, spans }) =>
      [`Sent ${spans} spans to ${endpoint}`, `  trace: ${traceId}`, `  content: ${content ? 'all' : 'none'}`].join(
        '\n',
      ),
    );
    return EXIT.ok;
  } finally {
    await store.close();
  }
}

/** The flag, or what OpenTelemetry's own variables name. */
function endpointOf(named: string | undefined): string {
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces, OTEL_EXPORTER_OTLP_ENDPOINT: base } = process.env;
  const found = named ?? traces ?? (base === undefined ? undefined : `${base.replace(/\/+$/, '')}/v1/traces`);
  if (found === undefined || !URL.canParse(found) || !/^https?:$/.test(new URL(found).protocol)) {
    const said = found === undefined ? 'none is given' : `"${found}" is none`;
    throw new OpenExecError(
      'usage',
      `the address of a collector is wanted, such as http://127.0.0.1:4318/v1/traces, with --endpoint or in OTEL_EXPORTER_OTLP_ENDPOINT; ${said}`,
    );
  }
  return found;
}
