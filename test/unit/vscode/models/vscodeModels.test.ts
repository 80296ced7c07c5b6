/** From a name to a model of VS Code. */
import { expect, test } from 'vitest';
import { estimateUsage } from '../../../../src/node/models/shared/usage';
import { vscodeModels } from '../../../../src/vscode/models/vscodeModels';
import { lmApi, scriptedChat } from '../../../support/languageModels';

const HOST = { watch: () => expect.unreachable(), estimate: estimateUsage, monotonic: () => 0 };
const chatOf = (facts: Parameters<typeof scriptedChat>[1]) => scriptedChat({}, facts).chat;
const modelsOf = (...facts: Parameters<typeof scriptedChat>[1][]) => vscodeModels(lmApi(...facts.map(chatOf)), HOST);

async function opened(name: string, ...facts: Parameters<typeof scriptedChat>[1][]): Promise<string> {
  const model = await modelsOf(...facts).open(name);
  return model.ok ? `${model.value.id.name} → ${model.value.id.destination}` : model.error.message;
}

const NEW = { id: 'swift-2', vendor: 'acme', family: 'swift' };
const OLD = { id: 'swift-1', vendor: 'acme', family: 'swift' };
const OTHER = { id: 'other-swift', vendor: 'zenith', family: 'swift' };
const TWIN = { id: 'swift-2', vendor: 'zenith', family: 'else' };

test('an id names its model, a family the first that VS Code has of it', async () => {
  expect(await opened('swift-1', NEW, OLD)).toBe('swift-1 → VS Code (acme swift)');
  expect(await opened('swift', NEW, OLD)).toBe('swift → VS Code (acme swift)');
  expect(await opened('acme/swift', NEW, OTHER)).toBe('acme/swift → VS Code (acme swift)');
  expect(await opened('zenith/swift-2', NEW, TWIN)).toBe('zenith/swift-2 → VS Code (zenith else)');
});

test('a name that several vendors have is refused, and each way to say which is named', async () => {
  expect(await opened('swift', NEW, OTHER)).toMatch(/vscode:acme\/swift or vscode:zenith\/swift/);
  expect(await opened('swift-2', NEW, TWIN)).toMatch(/vscode:acme\/swift-2 or vscode:zenith\/swift-2/);
});

test('a name that nobody has is refused, with those there are, or why there are none', async () => {
  expect(await opened('slow', NEW, OLD)).toMatch(
    /no model "slow" in VS Code\. VS Code has swift-2, swift-1\..*Choose Model…/,
  );
  expect(await opened('slow')).toMatch(/an extension such as GitHub Copilot brings them/);
});

test('the list names each model so that it opens that one, with what VS Code says of it', async () => {
  const listed = await modelsOf(NEW, TWIN, {
    ...OLD,
    capabilities: { supportsToolCalling: false },
    maxInputTokens: -1,
  }).list();
  expect(listed.map(({ name }) => name)).toEqual(['acme/swift-2', 'zenith/swift-2', 'swift-1']);
  expect(listed[0]).toMatchObject({ vendor: 'acme', family: 'swift', contextTokens: 8_000, callsTools: null });
  expect(listed[2]).toMatchObject({ contextTokens: null, callsTools: false });
});
