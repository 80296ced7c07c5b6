/** Where the policy files of the layers lie. */
import path from 'node:path';
import { type Environment, variable } from '../system/environment';

/** Each may be there or not. */
export type PolicyFiles = {
  /** Where an administrator puts it; not to be moved by anything that the person or a program could set. */
  readonly managed: string;
  /** Null when the person has no folder for settings. */
  readonly user: string | null;
};

/** The files on a platform; `home` is the person's folder. */
export function policyFiles(platform: NodeJS.Platform, environment: Environment, home: string): PolicyFiles {
  if (platform === 'win32') {
    const folder = absolute(variable(environment, 'APPDATA'), path.win32);
    return {
      managed: 'C:\\ProgramData\\OpenExec\\policy.yaml',
      user: folder === null ? null : path.win32.join(folder, 'OpenExec', 'policy.yaml'),
    };
  }
  const own = absolute(home, path.posix);
  if (platform === 'darwin') {
    const below = path.posix.join('Library', 'Application Support', 'OpenExec', 'policy.yaml');
    return { managed: `/${below}`, user: own === null ? null : path.posix.join(own, below) };
  }
  const config =
    absolute(environment.XDG_CONFIG_HOME, path.posix) ?? (own === null ? null : path.posix.join(own, '.config'));
  return {
    managed: '/etc/openexec/policy.yaml',
    user: config === null ? null : path.posix.join(config, 'openexec', 'policy.yaml'),
  };
}

/** The file of a workspace, by its root. */
export const workspacePolicyFile = (root: string): string => path.join(root, '.openexec', 'policy.yaml');

/** A relative one would mean another place in every folder. */
const absolute = (folder: string | undefined, { isAbsolute }: path.PlatformPath): string | null =>
  folder !== undefined && isAbsolute(folder) ? folder : null;
