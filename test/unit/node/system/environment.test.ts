import { describe, expect, test } from 'vitest';
import { minimalEnvironment, variable } from '../../../../src/node/system/environment';

const FIXED = { TERM: 'dumb', CI: '1', NO_COLOR: '1' };

describe('the environment of a child process', () => {
  test('holds no key, and nothing that makes a program load or run something', () => {
    const names =
      'OPENAI_API_KEY GITHUB_TOKEN AWS_SECRET_ACCESS_KEY NPM_TOKEN SSH_AUTH_SOCK LD_PRELOAD LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES NODE_OPTIONS NODE_PATH BASH_ENV ENV PYTHONPATH PYTHONSTARTUP PERL5OPT RUBYOPT JAVA_TOOL_OPTIONS GIT_DIR GIT_SSH_COMMAND GIT_EXTERNAL_DIFF GIT_CONFIG_COUNT PAGER EDITOR RIPGREP_CONFIG_PATH HTTPS_PROXY https_proxy npm_config_script_shell ELECTRON_RUN_AS_NODE';
    const all = Object.fromEntries(names.split(' ').map((name) => [name, 'x']));
    expect(minimalEnvironment({ ...all, PATH: '/bin', HOME: '/home/pat', LC_ALL: 'C' })).toEqual({
      PATH: '/bin',
      HOME: '/home/pat',
      LC_ALL: 'C',
      ...FIXED,
    });
  });

  test('names where toolchains were installed, when that is an absolute folder', () => {
    const where = { RUSTUP_HOME: '/opt/rustup', CARGO_HOME: '/opt/cargo', JAVA_HOME: '/opt/java' };
    expect(minimalEnvironment({ ...where, GOPATH: 'evil', GOROOT: './evil' })).toEqual({ ...where, ...FIXED });
  });

  test('cannot be told otherwise by what is fixed', () => {
    expect(minimalEnvironment({ CI: '0', TERM: 'xterm' })).toEqual(FIXED);
  });

  test('is looked up without case where the exact name is not there', () => {
    expect(variable({ Path: 'a' }, 'PATH')).toBe('a');
    expect(variable({ Path: 'a', PATH: 'b' }, 'PATH')).toBe('b');
    expect(variable({}, 'PATH')).toBeUndefined();
  });
});
