import { OpenExecError } from '../../core/kernel/errors';
import { openRuntime } from '../compose';
import { EXIT } from '../exit';
import { parseFlags, text } from '../flags';
import { print } from '../output';

/** `verify`: checks chain, blobs, order and schema, and says what could not be checked. */
export async function verify(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, ['head'], 1);
  const head = text(flags, 'head');
  if (head !== undefined && !/^[0-9a-f]{64}$/.test(head)) {
    throw new OpenExecError('usage', `--head ${head}: a hash of 64 hexadecimal digits is wanted`);
  }
  const { store } = await openRuntime(flags, 'existing');
  try {
    const report = await store.verify(flags.names[0] ?? '', head);
    print(flags, report, ({ ok, events, blobs, head, firstBad, notChecked }) =>
      [
        ok
          ? `Sound: ${events} events, ${blobs} blobs, head ${head}`
          : `Not sound: event ${firstBad?.seq}: ${firstBad?.problem}`,
        ...notChecked.map((what) => `Not checked: ${what}`),
      ].join('\n'),
    );
    return report.ok ? EXIT.ok : EXIT.failed;
  } finally {
    await store.close();
  }
}
