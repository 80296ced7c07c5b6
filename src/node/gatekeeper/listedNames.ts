/**
 * Names of people that are to leave this machine in no text: one a line in `.openexec/names.txt` of the workspace and in
 * `names.txt` of the person's own folder of settings, beside their policy. Empty lines and those that begin with `#` say
 * nothing.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, OpenExecError } from '../../core/kernel/errors';
import type { PolicyFiles } from '../policy/places';

const FILE = 'names.txt';
/** Shorter ones would be found in other words of many a text. */
const LENGTH = { least: 3, most: 100 };
const MOST = 2000;

/**
 * The listed names; `root` is that of the workspace, null for none. A file that is not there lists none. Throws
 * `config_invalid` for one that cannot be read or a line that is no name: which names to take out is not known then.
 */
export async function listedNames(root: string | null, { user }: Pick<PolicyFiles, 'user'>): Promise<string[]> {
  const files = [
    ...(root === null ? [] : [path.join(root, '.openexec', FILE)]),
    ...(user === null ? [] : [path.join(path.dirname(user), FILE)]),
  ];
  const names = (await Promise.all(files.map(namesOf))).flat();
  return [...new Set(names)];
}

async function namesOf(file: string): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return [];
    throw new OpenExecError('config_invalid', `${file} cannot be read: ${messageOf(cause)}`, { cause });
  }
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const names = lines.flatMap((line, at) => nameIn(line, `${file}:${at + 1}`) ?? []);
  if (names.length > MOST) throw new OpenExecError('config_invalid', `${file} lists more than ${MOST} names`);
  return names;
}

/** The line itself is not said: it is somebody's name. */
function nameIn(line: string, where: string): string | null {
  const name = line.trim().normalize('NFC');
  if (name === '' || name.startsWith('#')) return null;
  if (name.length >= LENGTH.least && name.length <= LENGTH.most && /\p{L}/u.test(name)) return name;
  throw new OpenExecError(
    'config_invalid',
    `${where}: a name has ${LENGTH.least} to ${LENGTH.most} characters, with letters among them; one name a line`,
  );
}
