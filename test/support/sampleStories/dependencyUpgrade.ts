/** A newer runtime: a denied command, and a manifest that is written only after a person agreed. */
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
      note: 'Wants npm to write the manifest; the call is denied.',
      step: calls('npm can set the version.', ['call_4', 'run_command', { command: 'npm pkg set engines.node=22' }]),
    },
    {
      note: 'Edits by hand; a person agrees to the manifest first.',
      step: calls(
        'Then by hand: the manifest, and the README that says the same.',
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
