import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../../../src/core/kernel/yaml';
import { toolsetSchema } from '../../../../src/core/policy/schema';
import {
  inputJsonSchema,
  isToolName,
  parseCall,
  pathsOf,
  TOOLS,
  type ToolName,
} from '../../../../src/core/tools/contracts';
import { descriptionOf, isForAgents } from '../../../../src/core/tools/generations';

const SHIPPED = path.resolve('policies/toolsets');
const NAMES = Object.keys(TOOLS) as ToolName[];

describe('a call', () => {
  it.each<[string, string, string, RegExp]>([
    ['an unknown tool', 'format_disk', '{}', /there is no tool "format_disk"/],
    ['a name that every object inherits', 'constructor', '{}', /there is no tool "constructor"/],
    ['a name with a line break', 'a\nb', '{}', /there is no tool "a b"/],
    ['text that is not JSON', 'read_file', '{"path":', /not JSON/],
    ['no arguments', 'read_file', '', /not JSON/],
    ['null', 'read_file', 'null', /expected object/],
    ['a list', 'read_file', '["a"]', /expected object/],
    ['a missing argument', 'write_file', '{"path":"a"}', /content: .*expected string/],
    ['an argument of the wrong type', 'read_file', '{"path":7}', /path: .*expected string/],
    ['an unknown argument', 'read_file', '{"path":"a","mode":"x"}', /"mode"/],
    ['an argument named __proto__', 'read_file', '{"path":"a","__proto__":{"from":1}}', /__proto__/],
    ['an argument name with a line break', 'read_file', '{"path":"a","x\\ny":1}', /"x y"/],
    ['an empty path', 'read_file', '{"path":""}', /path: /],
    ['line zero', 'read_file', '{"path":"a","from":0}', /from: /],
    ['half a line', 'read_file', '{"path":"a","from":1.5}', /from: /],
    ['an empty passage to replace', 'replace_in_file', '{"path":"a","old":"","new":""}', /old: /],
    ['a project command that does not exist', 'run_project_command', '{"name":"deploy"}', /name: /],
    ['half of a surrogate pair', 'read_file', '{"path":"a\\ud800"}', /path: half of a surrogate pair/],
    ['several faults', 'write_file', '{"content":1}', /path: .*; content: /],
  ])('is refused for %s, in one line that says what is wrong', (_what, tool, input, error) => {
    const parsed = parseCall(tool, input);
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.error).toMatch(error);
    expect(!parsed.ok && parsed.error).not.toMatch(/[\r\n]/);
  });

  it('is refused in a bounded line however much is wrong with it', () => {
    const parsed = parseCall(
      'read_file',
      JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, 1]))),
    );
    expect(!parsed.ok && parsed.error.length).toBeLessThan(600);
  });

  it('never throws, whatever the name and the arguments', () => {
    const name = fc.oneof(fc.constantFrom(...NAMES), fc.string());
    fc.assert(
      fc.property(name, fc.oneof(fc.json(), fc.string()), (tool, input) => {
        const parsed = parseCall(tool, input);
        if (!parsed.ok) expect(parsed.error).not.toMatch(/[\r\n]/);
        else expect(isToolName(tool)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('names its paths; a search without one is a search of everything', () => {
    const paths = (tool: string, input: object) => {
      const parsed = parseCall(tool, JSON.stringify(input));
      return parsed.ok ? pathsOf(parsed.value) : null;
    };
    expect(paths('search', { query: 'x' })).toEqual(['.']);
    expect(paths('search', { query: 'x', path: 'src' })).toEqual(['src']);
    for (const [tool, rest] of [
      ['read_file', {}],
      ['list_directory', {}],
      ['delete_file', {}],
      ['write_file', { content: '' }],
      ['replace_in_file', { old: 'a', new: '' }],
    ] as const) {
      expect(paths(tool, { path: 'a/b', ...rest })).toEqual(['a/b']);
    }
    expect(paths('run_command', { command: 'ls' })).toEqual([]);
  });
});

describe('the contracts', () => {
  it.each(NAMES)('show a model the input of %s: an object that is closed, without a dialect', (name) => {
    const schema = inputJsonSchema(name) as Record<string, unknown>;
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(JSON.stringify(schema)).not.toContain('$schema');
    expect(TOOLS[name].name).toBe(name);
  });

  it('let agents neither choose their own context nor do what only the runtime does', () => {
    const own = ['build_context', 'diff_report', 'summarize', 'evidence_bundle', 'mcp'];
    expect(NAMES.filter((name) => !TOOLS[name].forAgents).sort()).toEqual(own.sort());
    expect(NAMES.filter((name) => !isForAgents(name, 3)).sort()).toEqual(own.sort());
  });

  it('let the agents of engines 1 and 2 neither patch nor commit, nor use what came later', () => {
    for (const engine of [1, 2]) {
      expect(NAMES.filter((name) => isForAgents(name, engine)).sort()).toEqual([
        'delete_file',
        'list_directory',
        'read_file',
        'replace_in_file',
        'run_command',
        'run_project_command',
        'search',
        'write_file',
      ]);
    }
  });

  it('tell a model of every tool in a line or a few, which no two tools share', () => {
    const told = NAMES.map((name) => descriptionOf(name, 3));
    expect(new Set(told).size).toBe(told.length);
    for (const description of told) expect(description).toMatch(/^[A-Z].{10,500}\.$/);
  });

  const toolsOf = (file: string): string[] => {
    const parsed = parseYaml(readFileSync(path.join(SHIPPED, file), 'utf8'), toolsetSchema);
    if (!parsed.ok) throw new Error(`${file} is no toolset`);
    expect(`${parsed.value.value.id}.yaml`).toBe(file);
    return parsed.value.value.tools;
  };
  it.each(readdirSync(SHIPPED))('have every tool of %s, and it reads whatever else it does', (file) => {
    const tools = toolsOf(file);
    expect(tools.filter((tool) => !isToolName(tool))).toEqual([]);
    expect(new Set(tools).size).toBe(tools.length);
    expect(toolsOf('repo_readonly.yaml').filter((tool) => !tools.includes(tool))).toEqual([]);
  });

  it('are in exactly these shipped toolsets, each with what it is for', () => {
    const more = readdirSync(SHIPPED).map((file) => {
      const tools = toolsOf(file).filter((tool) => !toolsOf('repo_readonly.yaml').includes(tool));
      return [file.replace('.yaml', ''), tools.join(' ')];
    });
    expect(Object.fromEntries(more)).toEqual({
      repo_readonly: '',
      docs_lookup: 'fetch_url',
      coding_backend: 'write_file replace_in_file apply_patch delete_file run_command run_project_command git_commit',
      coding_frontend: 'write_file replace_in_file apply_patch delete_file run_project_command git_commit fetch_url',
      test_repair: 'write_file replace_in_file apply_patch run_command run_project_command git_commit',
      ci_build: 'write_file replace_in_file run_command run_project_command git_commit',
      release_ops: 'write_file replace_in_file run_project_command git_commit',
    });
  });
});
