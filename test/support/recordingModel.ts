/**
 * Makes cassettes: wraps a model and collects every reply it gives, under the signature of the request.
 */
import type { Model } from '../../src/core/ports/model';
import { type Cassette, cassetteSchema } from '../../src/node/models/recorded/cassette';

type RecordingOptions = {
  readonly title: string;
  readonly task: string;
  /** What to tell a reader about the n-th reply; left out where there is none. */
  readonly notes?: readonly string[];
  /** Called with the whole cassette after each new reply. */
  readonly save: (cassette: Cassette) => void | Promise<void>;
};

/**
 * A model that answers as `inner` does and records the replies; failures are passed on and not recorded. Throws when a
 * request comes again and gets another reply, because a cassette could not hold both.
 */
export function createRecordingModel(inner: Model, options: RecordingOptions): Model {
  const entries: Cassette['entries'] = [];
  return {
    id: inner.id,
    facts: inner.facts,
    async invoke(request, invocation) {
      const answer = await inner.invoke(request, invocation);
      if (answer.kind === 'failure') return answer;
      const { text, toolCalls, usage, stop } = answer;
      const reply = { text, toolCalls, usage, stop };
      const before = entries.find(({ signature }) => signature === request.signature);
      if (before !== undefined) {
        if (JSON.stringify(before.reply) === JSON.stringify(reply)) return answer;
        throw new Error(`the request ${request.signature} came twice and got two different replies`);
      }
      const note = options.notes?.[entries.length];
      entries.push({ signature: request.signature, ...(note === undefined ? {} : { note }), reply });
      await options.save(cassetteSchema.parse({ version: 1, title: options.title, task: options.task, entries }));
      return answer;
    },
  };
}
