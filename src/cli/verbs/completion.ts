import { OpenExecError } from '../../core/kernel/errors';
import { completionScript } from '../completion';
import { EXIT } from '../exit';
import { parseFlags } from '../flags';
import { SHELLS } from '../grammar';
import { print } from '../output';

/** `completion`: a script for a shell that completes verbs, flags and values. Throws `usage`. */
export async function completion(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, 'completion', 1, `a shell (${SHELLS.join(', ')})`);
  const [name] = flags.names;
  const shell = SHELLS.find((known) => known === name);
  if (shell === undefined) throw new OpenExecError('usage', `completion ${name}: allowed are ${SHELLS.join(', ')}`);
  const script = completionScript(shell);
  print(flags, { shell, script }, () => script.trimEnd());
  return EXIT.ok;
}
