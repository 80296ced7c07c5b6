import { expect, it } from 'vitest';
import { policyFiles } from '../../../../src/node/policy/places';

it('are where each platform keeps such files', () => {
  expect(policyFiles('linux', {}, '/home/pat')).toEqual({
    managed: '/etc/openexec/policy.yaml',
    user: '/home/pat/.config/openexec/policy.yaml',
  });
  expect(policyFiles('linux', { XDG_CONFIG_HOME: '/cfg' }, '/home/pat').user).toBe('/cfg/openexec/policy.yaml');
  expect(policyFiles('darwin', { XDG_CONFIG_HOME: '/cfg' }, '/Users/pat')).toEqual({
    managed: '/Library/Application Support/OpenExec/policy.yaml',
    user: '/Users/pat/Library/Application Support/OpenExec/policy.yaml',
  });
  expect(policyFiles('win32', { appdata: 'C:\\Users\\pat\\AppData\\Roaming' }, '')).toEqual({
    managed: 'C:\\ProgramData\\OpenExec\\policy.yaml',
    user: 'C:\\Users\\pat\\AppData\\Roaming\\OpenExec\\policy.yaml',
  });
});

it('do not move with the environment for an administrator, nor with the folder one stands in for a person', () => {
  expect(policyFiles('win32', { PROGRAMDATA: 'D:\\mine', APPDATA: 'mine' }, '')).toEqual({
    managed: 'C:\\ProgramData\\OpenExec\\policy.yaml',
    user: null,
  });
  expect(policyFiles('linux', { XDG_CONFIG_HOME: 'relative' }, '/home/pat').user).toBe(
    '/home/pat/.config/openexec/policy.yaml',
  );
  expect(policyFiles('linux', {}, '').user).toBe(null);
});
