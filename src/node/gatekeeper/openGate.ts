/** The gate of a run on this machine: it knows the secrets that lie in the repository's own files and in the environment. */
import { createGate, type Gate } from '../../core/gatekeeper/gate';
import type { Runtime } from '../runs/runtime';
import { knownValuesOf } from './knownValues';
import { listedNames } from './listedNames';
import { workspaceSecrets } from './workspaceSecrets';

export type GateSources = {
  /** The root of the repository that the run works on. */
  readonly root: string;
  /** Values that are kept in secret storage. */
  readonly stored: readonly string[];
};

/** Opens the gate of a run on a repository. `numbering` is what a run that is resumed has used of placeholders. */
export async function openGate(
  { root, stored }: GateSources,
  { environment, git, policyFiles }: Pick<Runtime, 'environment' | 'git' | 'policyFiles'>,
  numbering: Readonly<Record<string, number>> = {},
): Promise<Gate> {
  // The first of two with the same value gives its kind.
  const known = [...(await knownValuesOf({ root, environment, stored })), ...(await workspaceSecrets(root, git))];
  return createGate({ known, names: await listedNames(root, policyFiles), numbering });
}
