/** What the tests of blueprint editing have in common. */
import type { KnownNames } from '../../src/vscode/blueprints/references';

export const KNOWN: KnownNames = {
  toolsets: new Map([
    ['coding', { description: 'Read and write.', tools: ['read_file', 'write_file'] }],
    ['read_only', { description: 'Read.', tools: ['read_file'] }],
  ]),
  providers: ['openai', 'recorded'],
};

/** Three nodes; what is appended belongs to the last of them. */
export const NODES = `nodes:
  context:
    type: deterministic
    action: build_context
    on_success: implement
  implement:
    type: agent
    title: Do it
    goal: Do it.
    max_turns: 3
    result: { type: patch }
    outputs: [change]
    on_success: test
  test:
    type: deterministic
    action: run_tests
`;
