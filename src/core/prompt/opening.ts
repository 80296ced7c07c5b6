/** The messages with which an agent node begins. */
import type { AgentNode } from '../blueprint/schema';
import type { Outgoing } from '../events/parts';
import { wantedText } from './result';
import { systemText } from './system';

/** The first messages of an agent node: the rules, then task, goal, what the node is given, and what it must deliver. */
export function openingMessages(
  node: AgentNode,
  task: string,
  artifacts: Readonly<Record<string, string>>,
  { canWrite, prompt }: { readonly canWrite: boolean; readonly prompt: number },
): Outgoing[] {
  const given = node.inputs
    .filter((input) => Object.hasOwn(artifacts, input))
    .map((input) => `## ${input.replaceAll('_', ' ')}\n\n${artifacts[input]}`);
  const wanted = node.result ? [`## result of this step\n\n${wantedText(node.result, canWrite)}`] : [];
  const parts = [`## task\n\n${task}`, `## goal of this step\n\n${node.goal}`, ...given, ...wanted];
  return [
    { role: 'system', content: systemText(prompt) },
    { role: 'user', content: parts.join('\n\n') },
  ];
}
