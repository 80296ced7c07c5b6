import { describe, expect, it } from 'vitest';
import { ruleOrigin } from '../../../src/protocol/policy';

describe('where a rule comes from', () => {
  it.each([
    ['built in', 'OpenExec itself; no policy can change it'],
    ['policy standard', 'the policy that was chosen for the run: standard'],
    ['chosen policy standard (shipped)', 'the policy that was chosen for the run: standard (shipped)'],
    [
      'managed policy acme (/etc/openexec/policy.yaml)',
      'the managed policy, which an administrator keeps: acme (/etc/openexec/policy.yaml)',
    ],
    ['user policy mine (/home/a (b)/policy.yaml)', "the person's own policy: mine (/home/a (b)/policy.yaml)"],
    ['workspace policy team (.openexec/policy.yaml)', "the workspace's policy: team (.openexec/policy.yaml)"],
    ['sundry policy x', 'sundry policy x'],
    ['shipped', 'shipped'],
  ])('says of %s in words: %s', (layer, words) => {
    expect(ruleOrigin(layer)).toBe(words);
  });
});
