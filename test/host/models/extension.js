/**
 * Test-only: an extension that brings a language model to VS Code, as any vendor's does. The suite says what it answers, and sees
 * what it was asked.
 */
const vscode = require('vscode');

exports.activate = (context) => {
  const state = { answers: [], requests: [] };
  const info = {
    id: 'scripted-1',
    name: 'Scripted One',
    family: 'scripted',
    version: '1',
    maxInputTokens: 32_000,
    maxOutputTokens: 8_000,
    capabilities: { toolCalling: true },
  };
  context.subscriptions.push(
    vscode.lm.registerLanguageModelChatProvider('openexec-test', {
      provideLanguageModelChatInformation: () => [info],
      provideTokenCount: (_model, text) => (typeof text === 'string' ? text.length : 1),
      provideLanguageModelChatResponse: async (_model, messages, options, progress, token) => {
        const request = { messages, options, cancelled: false };
        state.requests.push(request);
        token.onCancellationRequested(() => {
          request.cancelled = true;
        });
        const answer = state.answers.shift() ?? [{ text: 'nothing is scripted' }];
        for (const step of answer) await take(step, progress, token);
      },
    }),
  );
  return {
    /** The answers of the next requests: steps `{ text }`, `{ call: [id, name, input] }`, `{ error: code }`, or `'silence'`. */
    answer: (...answers) => {
      state.answers = answers;
      state.requests = [];
    },
    requests: () => state.requests,
  };
};

async function take(step, progress, token) {
  if (step === 'silence') return new Promise((resolve) => token.onCancellationRequested(resolve));
  if (step.text !== undefined) progress.report(new vscode.LanguageModelTextPart(step.text));
  if (step.call !== undefined) progress.report(new vscode.LanguageModelToolCallPart(...step.call));
  if (step.error !== undefined) throw errorOf(step.error);
}

/** VS Code's own errors by their codes; what vendors throw besides has a name of its own. */
function errorOf(code) {
  const own = vscode.LanguageModelError[code];
  if (own !== undefined) return own(`the vendor says ${code}`);
  const error = new Error(`the vendor says ${code}`);
  error.name = code;
  return error;
}
