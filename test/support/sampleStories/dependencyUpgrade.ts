/** A newer runtime: a command that needs the network, and a manifest that is written only after a person agreed. */
import { calls, says } from '../scriptedModel';
import type { SampleStory } from './story';

export const DEPENDENCY_UPGRADE: SampleStory = {
  blueprint: 'dependency_upgrade',
  cassette: 'sample_dependency_upgrade',
  title: 'Sample: Node.js 22',
  task: 'Raise the Node.js that we ask for from 20 to 22.',
  mended: true,
  denials: 1,
  changes: ['README.md', 'package.json'],
  beats: [
    {
      note: 'Looks for every place that states the version.',
      step: calls(
        'The version may be stated in more places than the manifest.',
        ['call_1', 'search', { query: 'Node 20' }],
        ['call_2', 'search', { query: '>=20' }],
        ['call_3', 'list_directory', { path: '.' }],
      ),
    },
    {
      note: 'Wants to ask the registry; the network is closed.',
      step: calls('Which versions of 22 are there?', ['call_4', 'run_command', { command: 'npm view node versions' }]),
    },
    {
      note: 'Edits what is there; a person agrees to the manifest first.',
      step: calls(
        '22 as it was asked for, then: the manifest, and the README that says the same.',
        ['call_5', 'replace_in_file', { path: 'package.json', old: '"node": ">=20"', new: '"node": ">=22"' }],
        ['call_6', 'replace_in_file', { path: 'README.md', old: 'Node 20 or later', new: 'Node 22 or later' }],
      ),
    },
    {
      note: 'Says what was done; build, lint and tests decide.',
      step: says('The manifest and the README ask for Node.js 22; there is no lock file and no other place.'),
    },
  ],
};
