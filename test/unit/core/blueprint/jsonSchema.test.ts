import { describe, expect, it } from 'vitest';
import { blueprintJsonSchema } from '../../../../src/core/blueprint/jsonSchema';
import { ACTIONS } from '../../../../src/core/blueprint/schema';

type Schema = {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
};

const schema = blueprintJsonSchema() as Schema;
const nodes = schema.properties?.nodes?.additionalProperties as Schema;
const [deterministic, agent] = nodes.oneOf ?? nodes.anyOf ?? [];

describe('the JSON schema of blueprints', () => {
  it('wants what a person must write and nothing that has a default, and knows no other member', () => {
    expect(schema.required).toEqual(['version', 'id', 'title', 'description', 'toolset', 'start', 'nodes']);
    expect(schema.additionalProperties).toBe(false);
    expect(deterministic?.required).toEqual(['type', 'action', 'on_success']);
    expect(agent?.required).toEqual(['type', 'goal', 'max_turns', 'on_success']);
  });

  it('says of every member what it is for', () => {
    const silent = [schema, deterministic, agent].flatMap((at) =>
      Object.entries(at?.properties ?? {}).flatMap(([name, { description = '' }]) =>
        description === '' ? [name] : [],
      ),
    );
    expect(silent).toEqual([]);
  });

  it('says of every action what it does', () => {
    const action = deterministic?.properties?.action;
    expect(action?.enum).toEqual(ACTIONS);
    expect(action?.enumDescriptions).toHaveLength(ACTIONS.length);
    expect(action?.enumDescriptions?.every((words) => words.endsWith('.'))).toBe(true);
  });
});
