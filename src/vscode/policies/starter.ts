/** What a person's first policy file says: nothing yet, and how to say something. Pure. */

const WHOSE = {
  user: `# Your own policy: it holds for every run that you start, in every folder.`,
  workspace: `# The policy of this workspace: it holds for every run in this folder, whoever starts it.`,
} as const;

const ID = { user: 'mine', workspace: 'workspace' } as const;

/** A file that is valid and decides nothing. */
export const starterPolicy = (layer: 'user' | 'workspace'): string => `${WHOSE[layer]}
# It can only tighten: its deny and ask rules hold beside those of the policy that a run is started with; an allow rule says
# nothing here. Deny beats ask, ask beats allow. Runs that go on keep the policy that they were started with.
version: 1
id: ${ID[layer]}
description: What may never be done here, and what needs a person.
rules: []
# For example:
# rules:
#   - id: no-migrations
#     effect: ask
#     capabilities: [repo_write, repo_delete]
#     paths: ['db/migrations/**']
#     reason: A migration cannot be taken back once it has run.
#     examples:
#       - { tool: write_file, input: { path: db/migrations/001.sql, content: '' } }
#       - { tool: write_file, input: { path: src/app.ts, content: '' }, matches: false }
`;
