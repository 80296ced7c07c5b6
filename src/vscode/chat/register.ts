/** What OpenExec adds to the chat of VS Code. Editors without a chat, or without tools for its models, get neither. */
import * as vscode from 'vscode';
import { answer, type ChatDesk, followupsOf, PARTICIPANT } from './participant';
import { registerTools } from './tools';

/** What of the API an editor made of VS Code may lack, whatever version it names. */
type Offered = {
  readonly chat?: Partial<Pick<typeof vscode.chat, 'createChatParticipant'>>;
  readonly lm?: Partial<Pick<typeof vscode.lm, 'registerTool'>>;
};

export function registerChat(extension: vscode.Uri, desk: ChatDesk): vscode.Disposable {
  const { chat, lm }: Offered = vscode;
  const registered: vscode.Disposable[] = [];
  if (chat?.createChatParticipant) {
    const participant = chat.createChatParticipant(PARTICIPANT, ({ command, prompt }, _context, stream, token) =>
      answer(desk, command, { prompt, stream, token }),
    );
    participant.iconPath = vscode.Uri.joinPath(extension, 'media', 'icon.png');
    participant.followupProvider = { provideFollowups: followupsOf };
    registered.push(participant);
  }
  if (lm?.registerTool) registered.push(...registerTools(desk));
  return vscode.Disposable.from(...registered);
}
