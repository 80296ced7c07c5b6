/** Widening the zones of a run that goes on. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Runs } from '../../../src/vscode/runs';
import { boundedRun } from '../../support/boundedRun';

/** A window with a person: which row is picked, what is written, which button is pressed; undefined is to put it away. */
const person = vi.hoisted(() => ({
  pick: undefined as string | undefined,
  press: undefined as string | undefined,
  files: new Set<string>(),
  offered: [] as string[],
  asked: [] as string[],
  said: [] as string[],
}));

vi.mock('vscode', async () => {
  const types = await import('../../support/editorTypes');
  type Item = { label: string; description?: string };
  return {
    ...types,
    FileType: { File: 1, Directory: 2 },
    Uri: {
      file: types.Uri.file,
      joinPath: ({ fsPath }: { fsPath: string }, file: string) => types.Uri.file(`${fsPath}/${file}`),
    },
    workspace: {
      fs: {
        stat: async ({ fsPath }: { fsPath: string }) => {
          if (person.files.has(fsPath)) return { type: 1 };
          throw new Error('no such file');
        },
      },
    },
    window: {
      showQuickPick: async (items: readonly Item[], { placeHolder }: { placeHolder: string }) => {
        person.asked.push(placeHolder);
        person.offered = items.map(({ label, description }) => `${label}: ${description}`);
        return items.find(({ label }) => label === person.pick);
      },
      showWarningMessage: async (text: string, { detail }: { detail: string }) => {
        person.asked.push(`${text} ${detail}`);
        return person.press;
      },
      showInformationMessage: async (text: string) => void person.said.push(text),
    },
  };
});

const { widenZones } = await import('../../../src/vscode/commands/widenZones');

const run = boundedRun();
const refusal = run.events.findIndex((event) => event.type === 'policy.decided' && event.data.rule === 'zones');
const ROOT = '/home/ada/tallybook';

/** Calls the command at the refusal; `upTo` is how far the record has come. */
async function widen(upTo = refusal): Promise<unknown[][]> {
  const widened: unknown[][] = [];
  const events = run.events.slice(0, upTo + 1);
  const runs = {
    events: async function* () {
      yield* events;
    },
    event: async (_run: string, seq: number) => events[seq],
    widen: (...args: unknown[]) => void widened.push(args),
  } as unknown as Runs;
  await widenZones({ runs } as never, 'run', refusal);
  return widened;
}

beforeEach(() => {
  Object.assign(person, { pick: undefined, press: undefined, offered: [], asked: [], said: [] });
  person.files = new Set([`${ROOT}/packages/money/package.json`, `${ROOT}/packages/money/src/round.ts`]);
});

describe('"Widen Zones…" at a refused call', () => {
  test('proposes the package of what was asked for, then less', async () => {
    expect(await widen()).toEqual([]);
    expect(person.asked[0]).toBe('What may the run work on as well? Refused: read_file packages/money/src/round.ts');
    expect(person.offered).toEqual([
      'packages/money/**: the package',
      'packages/money/src/**: the folder',
      'packages/money/src/round.ts: just what was asked for',
      '$(list-selection) Other Zones…: packages, folders or globs',
    ]);
  });

  test('widens once exactly these zones are confirmed beside those there are, and says in the record after what', async () => {
    person.pick = 'packages/money/**';
    person.press = 'Widen';
    expect(await widen()).toEqual([
      ['run', ['packages/money/**'], 'after read_file packages/money/src/round.ts was refused'],
    ]);
    expect(person.asked[1]).toContain(
      'Let the run work on packages/money/** as well? Now it works on packages/api/**.',
    );
    expect(person.said[0]).toContain('from its next step on');
  });

  test('widens nothing without that', async () => {
    person.pick = 'packages/money/**';
    expect(await widen()).toEqual([]);
  });

  test('says so when the zones hold it by now', async () => {
    person.press = 'Widen';
    expect(await widen(run.events.length - 1)).toEqual([]);
    expect(person.said).toEqual([
      'OpenExec: read_file packages/money/src/round.ts is within the zones of the run by now.',
    ]);
  });

  test('proposes no package where there is none', async () => {
    person.files.clear();
    await widen();
    expect(person.offered[0]).toBe('packages/money/src/**: the folder');
  });
});

test('a run without a plan has no zones to widen', async () => {
  const runs = {
    events: async function* () {
      yield* run.events.slice(0, 1);
    },
  } as unknown as Runs;
  await expect(widenZones({ runs } as never, 'run')).rejects.toThrow(/no plan yet/);
});
