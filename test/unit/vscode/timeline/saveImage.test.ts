/** A picture of a timeline, written where the person says. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Uri } from '../../../support/editorTypes';

const editor = vi.hoisted(() => ({
  target: undefined as unknown,
  written: [] as unknown[][],
  said: [] as string[],
}));

vi.mock('vscode', () => ({
  window: {
    showSaveDialog: async () => editor.target,
    showInformationMessage: async (text: string) => void editor.said.push(text),
  },
  workspace: { fs: { writeFile: async (...written: unknown[]) => void editor.written.push(written) } },
}));

const { saveImage } = await import('../../../../src/vscode/timeline/saveImage');

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

beforeEach(() => Object.assign(editor, { target: Uri.file('/home/ada/run.png'), written: [], said: [] }));

describe('a picture of a timeline', () => {
  it('is written to the file that was chosen, and that is said', async () => {
    await saveImage('r1', PNG.toString('base64'));
    expect(editor.written).toEqual([[editor.target, PNG]]);
    expect(editor.said[0]).toContain('/home/ada/run.png');
  });

  it('is not written when no file is chosen', async () => {
    editor.target = undefined;
    await saveImage('r1', PNG.toString('base64'));
    expect(editor.written).toEqual([]);
  });

  it('that is no PNG is refused before anybody is asked', async () => {
    await expect(saveImage('r1', Buffer.from('<svg>').toString('base64'))).rejects.toMatchObject({ code: 'usage' });
    expect(editor.written).toEqual([]);
  });
});
