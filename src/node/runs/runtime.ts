import os from 'node:os';
import type { Clock, Entropy } from '../../core/ports/clock';
import { createGit, type Git } from '../git/git';
import type { McpFiles } from '../mcp/places';
import { type PolicyFiles, policyFiles } from '../policy/places';
import type { RunStore } from '../store/store';
import type { Environment } from '../system/environment';
import { monotonic, systemClock, systemEntropy } from '../system/time';

/** What the use cases of runs share: built once by each composition root. */
export type Runtime = {
  readonly store: RunStore;
  readonly git: Git;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
  readonly environment: Environment;
  /** Where the policies of the other layers may lie. */
  readonly policyFiles: PolicyFiles;
  /** Files about MCP servers outside of any workspace: the person's own list, and what was agreed to. */
  readonly mcp: McpFiles;
  /** The folder that holds the shipped `blueprints` and `policies`. */
  readonly assets: string;
  readonly version: string;
};

/** A runtime on this machine: its git, its clock, its environment. */
export const systemRuntime = (parts: Pick<Runtime, 'store' | 'assets' | 'version' | 'mcp'>): Runtime => ({
  ...parts,
  git: createGit({ environment: process.env }),
  clock: systemClock,
  entropy: systemEntropy,
  monotonic,
  environment: process.env,
  policyFiles: policyFiles(process.platform, process.env, os.homedir()),
});
