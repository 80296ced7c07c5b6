import * as vscode from 'vscode';
import { z } from 'zod';
import { OpenExecError } from '../../core/kernel/errors';
import type { Command } from '../commands/context';
import { startGiven } from '../commands/startRun';
import { nearOf, placeOf } from './place';
import { testTask } from './taskText';

/** A test of the test explorer, out of whatever extension, as VS Code hands it over: its own, or one made of what is known. */
const testItem = z.looseObject({
  label: z.string(),
  uri: z.unknown().optional(),
  range: z.looseObject({ start: z.looseObject({ line: z.number() }) }).nullish(),
  parent: z.unknown().optional(),
});
type TestItem = z.infer<typeof testItem>;

const markdown = z.looseObject({ value: z.string() });
const message = z.looseObject({
  message: z.union([z.string(), markdown]),
  expectedOutput: z.string().nullish(),
  actualOutput: z.string().nullish(),
});
/** What the menu of a test's message hands over. */
const failure = z.looseObject({ test: testItem, message });

/** "Fix Failing Test with OpenExec": the task names the test, its file, and what it said where that is known. */
export const fixTest: Command = async (context, given) => {
  const failed = failure.safeParse(given).data;
  const test = failed?.test ?? testItem.safeParse(given).data;
  if (test === undefined)
    throw new OpenExecError('usage', vscode.l10n.t('Choose a test in the Testing view, or a message of one, first.'));
  const uri = test.uri instanceof vscode.Uri ? test.uri : undefined;
  const line = test.range?.start.line ?? 0;
  const at = uri === undefined ? null : placeOf(uri, line, line);
  const said = failed === undefined ? undefined : saidIn(failed.message);
  await startGiven(context, { task: testTask({ name: nameOf(test), at, message: said }), ...nearOf(uri) });
};

const MOST_PARENTS = 6;

/** The test with the suites around it. */
function nameOf(test: TestItem): string {
  const labels = [test.label];
  let above = testItem.safeParse(test.parent).data;
  while (above !== undefined && labels.length < MOST_PARENTS) {
    labels.unshift(above.label);
    above = testItem.safeParse(above.parent).data;
  }
  return labels.join(' › ');
}

function saidIn({ message: said, expectedOutput, actualOutput }: z.infer<typeof message>): string {
  const text = typeof said === 'string' ? said : said.value;
  return [
    text,
    ...(expectedOutput == null ? [] : [`Expected: ${expectedOutput}`]),
    ...(actualOutput == null ? [] : [`Actual: ${actualOutput}`]),
  ].join('\n');
}
