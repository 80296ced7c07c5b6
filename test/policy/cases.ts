/**
 * The cases of the corpus: each an action, what must come of it, and why. `attack` must never be allowed, `benign` must be
 * allowed, `asks` must be asked about.
 */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { parseYaml, problemLine } from '../../src/core/kernel/yaml';

const caseSchema = z.strictObject({
  id: z.string().min(1),
  kind: z.enum(['attack', 'benign', 'asks']),
  /** As `policy check` takes it. */
  action: z.strictObject({ tool: z.string(), input: z.record(z.string(), z.unknown()) }),
  why: z.string().min(1),
  /** Compared when given: an attack that must be denied, not only asked about, and by which rule. */
  decision: z.enum(['allow', 'ask', 'deny']).optional(),
  rule: z.string().optional(),
  /** A shipped policy, or a file of `test/policy/policies`; `standard` when left out. */
  policy: z.string().optional(),
  /** A shipped toolset; every tool when left out. */
  toolset: z.string().optional(),
  /** Files of `test/policy/policies` that stand for the other layers. */
  layers: z
    .strictObject({ managed: z.string().optional(), user: z.string().optional(), workspace: z.string().optional() })
    .optional(),
});
export type PolicyCase = z.infer<typeof caseSchema>;

const FOLDER = path.join(import.meta.dirname, 'cases');

/** Every case of every file, in the order of the files' names; throws for a file that is no list of cases. */
export function policyCases(): PolicyCase[] {
  const files = fs.readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
  return files.sort().flatMap((name) => {
    const parsed = parseYaml(fs.readFileSync(path.join(FOLDER, name), 'utf8'), z.array(caseSchema));
    if (parsed.ok) return parsed.value.value;
    throw new Error(parsed.error.map((problem) => problemLine(name, problem)).join('\n'));
  });
}
