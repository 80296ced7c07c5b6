/** A map that forgets what was not asked for the longest once it weighs too much. */
export class LeastRecent<V> {
  readonly #entries = new Map<string, { value: V; weight: number }>();
  readonly #most: number;
  #weight = 0;

  /** `most`: what all entries together may weigh. */
  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: V, weight = 1): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    for (const [oldest, entry] of this.#entries) {
      if (this.#weight <= this.#most) return;
      this.#entries.delete(oldest);
      this.#weight -= entry.weight;
    }
  }
}
