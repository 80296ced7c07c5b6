import { NO_SETTINGS } from '../../src/core/models/settings';
import type { ModelSetup } from '../../src/node/models/select';

/** Nothing is set up: no key, no server, no proxy, no editor. */
export const NOTHING_SET: ModelSetup = {
  baseUrl: undefined,
  settings: NO_SETTINGS,
  keys: async () => undefined,
  headers: async () => undefined,
  proxy: { kind: 'none' },
  vscode: null,
};
