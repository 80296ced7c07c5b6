/**
 * Near-duplicates: prompts that share most of their character 4-grams. One that is near to the development set would make its
 * figures worthless; one that is near to another of the data set counts it twice, and makes cross-validation too kind.
 */
import type { Prompt } from './dataset';

/** From which likeness (Jaccard index of the sets of 4-grams) on two prompts are the same. */
const ALIKE = { withinSet: 0.6, toDevelopment: 0.5 } as const;

export type Removed = { readonly prompt: Prompt; readonly near: Prompt; readonly likeness: number };
export type Ledger = {
  readonly kept: readonly Prompt[];
  readonly nearDevelopment: readonly Removed[];
  readonly nearAnother: readonly Removed[];
};

/** Keeps of near-duplicates the first, and nothing that is near to the development set. */
export function withoutDuplicates(prompts: readonly Prompt[], development: readonly Prompt[]): Ledger {
  const held = indexOf();
  for (const prompt of development) held.add(prompt);
  const seen = indexOf();
  const nearDevelopment: Removed[] = [];
  const nearAnother: Removed[] = [];
  const kept: Prompt[] = [];
  for (const prompt of prompts) {
    const inDevelopment = held.nearest(prompt);
    const inSet = seen.nearest(prompt);
    if (inDevelopment !== null && inDevelopment.likeness > ALIKE.toDevelopment) {
      nearDevelopment.push({ prompt, ...inDevelopment });
    } else if (inSet !== null && inSet.likeness > ALIKE.withinSet) {
      nearAnother.push({ prompt, ...inSet });
    } else {
      kept.push(prompt);
      seen.add(prompt);
    }
  }
  return { kept, nearDevelopment, nearAnother };
}

/** The prompts by their 4-grams. */
function indexOf() {
  const prompts: Prompt[] = [];
  const sizes: number[] = [];
  const byGram = new Map<string, number[]>();
  return {
    add(prompt: Prompt): void {
      const grams = gramsOf(prompt.text);
      for (const gram of grams) {
        const list = byGram.get(gram);
        if (list === undefined) byGram.set(gram, [prompts.length]);
        else list.push(prompts.length);
      }
      prompts.push(prompt);
      sizes.push(grams.size);
    },
    nearest({ text }: Prompt): { near: Prompt; likeness: number } | null {
      const grams = gramsOf(text);
      const shared = new Uint16Array(prompts.length);
      for (const gram of grams) for (const i of byGram.get(gram) ?? []) shared[i] = (shared[i] as number) + 1;
      let [best, likeness] = [-1, 0];
      for (let i = 0; i < shared.length; i += 1) {
        const both = shared[i] as number;
        const alike = both / ((sizes[i] as number) + grams.size - both);
        if (alike > likeness) [best, likeness] = [i, alike];
      }
      const near = prompts[best];
      return near === undefined ? null : { near, likeness };
    },
  };
}

function gramsOf(text: string): Set<string> {
  const plain = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  const grams = new Set<string>([plain.slice(0, 4)]);
  for (let i = 1; i + 4 <= plain.length; i += 1) grams.add(plain.slice(i, i + 4));
  return grams;
}
