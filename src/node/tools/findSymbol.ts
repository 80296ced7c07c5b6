/** find_symbol: where the editor's symbol providers say that a function, class or other symbol is defined. */
import { messageOf } from '../../core/kernel/errors';
import { oneLine } from '../../core/kernel/text';
import type { FoundSymbol } from '../../core/ports/symbols';
import type { ToolInput } from '../../core/tools/contracts';
import { answer, failure, type ToolAnswer, type ToolContext } from './context';
import { listFiles } from './grep';
import { namesIn } from './pathText';

const LIMIT = 100;
const NAME = 200;

/**
 * The providers know the person's folder, not the run's copy, which the answer says. Only files that are part of the
 * copy as well and that the policy does not withhold are named.
 */
export async function findSymbol(context: ToolContext, { query }: ToolInput<'find_symbol'>): Promise<ToolAnswer> {
  const { symbols, repository, signal } = context;
  if (symbols === null) return failure('symbols are only known inside VS Code; use search');
  let found: readonly FoundSymbol[];
  try {
    found = await symbols.find(repository.root, query, signal);
  } catch (error) {
    signal.throwIfAborted();
    return failure(`the editor could not say where symbols are: ${oneLine(messageOf(error))}; use search`);
  }
  const files = new Set(await listFiles(context));
  const known = found.filter(({ path }) => namesIn(path).ok && files.has(path) && context.excluded(path) === null);
  if (known.length === 0) return answer(`no symbol for ${JSON.stringify(query)}`);
  const lines = known
    .slice(0, LIMIT)
    .map(({ path, line, kind, name }) => `${path}:${line}: ${oneLine(kind, NAME)} ${oneLine(name, NAME)}`);
  const rest = known.length - lines.length;
  const cut = rest > 0 ? [`[cut: ${rest} more symbols are not shown; ask for a longer part of the name]`] : [];
  return answer(
    ["as of your folder, not of the run's copy:", context.gate.redactLines(lines.join('\n')).text, ...cut].join('\n'),
  );
}
