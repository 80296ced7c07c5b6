/** That a blueprint is called as its file is, for by that name it is started, and not as one that ships. */
import type { Known } from './checkNodes';
import type { Finding } from './edges';
import type { Blueprint } from './schema';

const NAMED = /([^/\\]*)\.ya?ml$/;
const OF_A_WORKSPACE = /[/\\]\.openexec[/\\]blueprints[/\\][^/\\]+$/;

/** What is amiss with the name of a blueprint in a file of this path; nothing that would keep it from being run. */
export function checkName({ id }: Blueprint, file: string, known: Known | null): Finding[] {
  const [, name] = NAMED.exec(file) ?? [];
  if (name === undefined) return [];
  const findings: Finding[] = [];
  if (name !== id) {
    const message = `the file is called "${name}", and by that name the blueprint is started; give it the id "${name}", or rename the file to ${id}.yaml`;
    findings.push({ path: ['id'], message });
  }
  const taken = [id, name].find((one) => known?.shipped?.includes(one));
  if (taken !== undefined && OF_A_WORKSPACE.test(`/${file}`)) {
    const message = `"${taken}" is a blueprint that ships with OpenExec, and the one that is started by this name; give this one another id and another file name`;
    findings.push({ path: ['id'], message });
  }
  return findings;
}
