/** What the windows need of models: which there are, what is known of them, and a try. The composition root implements it. */

import type { Price } from '../../core/events/parts';
import type { ModelFailure, ModelId, ModelReply } from '../../core/ports/model';
import type { KeyFor } from '../keys';

/** A model that can be chosen, and what is known of it; null is not known. */
export type ModelRow = {
  /** `provider:name`, as the setting takes it. */
  readonly spec: string;
  readonly provider: string;
  readonly title: string;
  /** The heading it stands under. */
  readonly group: string;
  readonly destination: string;
  readonly local: boolean;
  readonly contextTokens: number | null;
  readonly price: Price | null;
  /** When the price was looked up, where it is a list price. */
  readonly priceDate: string | null;
  /** Whether a key is missing without which no request can be made. */
  readonly keyMissing: boolean;
  /** What else a person should know before they choose it, in a few words. */
  readonly note: string | null;
};

/** A server that can be asked which models it has. */
export type ModelServer = {
  readonly provider: string;
  readonly destination: string;
  /** On this machine: it is asked without a question. */
  readonly loopback: boolean;
};

export type ModelChoices = {
  readonly rows: readonly ModelRow[];
  readonly servers: readonly ModelServer[];
  /** What a run uses now; null when nothing is configured. */
  readonly current: string | null;
  /** What a run would use if the setting were empty. */
  readonly otherwise: string | null;
};

/** A place for a key, and for people where the key is sent. */
export type KeyPlace = KeyFor & { readonly destination: string; readonly isSet: boolean };

/** Every method rejects with an OpenExecError whose message is one line for a person. */
export interface Models {
  /** What is known without asking a server; `folder` holds the recordings. */
  choices(folder: string | null): Promise<ModelChoices>;
  /** The models that a server names, for which it is asked once, with a short limit. */
  ask(server: ModelServer, signal: AbortSignal): Promise<readonly ModelRow[]>;
  /** Every place for a key, the chosen model's first. */
  keyPlaces(): Promise<readonly KeyPlace[]>;
  storeKey(of: KeyFor, key: string): Promise<void>;
  /** The model that a run of the folder would use; no request is made. */
  chosen(folder: string | null): Promise<ModelId>;
  /** The smallest request to that model. */
  test(folder: string | null, signal: AbortSignal): Promise<ModelReply | ModelFailure>;
}
