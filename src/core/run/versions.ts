/** Which engines and prompts a record may name for this version to replay it and to go on with it. */
import type { RunOrigin } from '../events/parts';
import { PROMPT_VERSION } from '../prompt/version';
import { ENGINE_FLAG } from './limits';

type Flags = RunOrigin['flags'];

/** What a run that begins now is recorded with. */
export const FLAGS: Flags = { engine: ENGINE_FLAG, prompt: PROMPT_VERSION };

/** True when this version behaves as it is recorded: what changed since is switched by these flags. */
export const isKnown = ({ engine, prompt }: Flags): boolean => engine <= ENGINE_FLAG && prompt <= PROMPT_VERSION;
