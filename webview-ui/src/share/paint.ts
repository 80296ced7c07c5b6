/** Paints a page, and gives it as PNG. */
import { assertNever } from '../../../src/protocol/events';
import { colours } from '../theme';
import { type Ink, type Measure, PAGE_WIDTH, type Page } from './pageLayout';

export type Type = { readonly family: string; readonly size: number };

const SCALES = [2, 1.5, 1, 0.75, 0.5, 0.35];

/** How wide texts are in a type. */
export function measureIn(type: Type): Measure {
  const context = document.createElement('canvas').getContext('2d');
  return (text, bold) => {
    if (context === null) return text.length * 7;
    context.font = fontOf(type, bold);
    return context.measureText(text).width;
  };
}

/** The page as PNG in base64 of at most `limit` characters, the sharpest that fits; null when it cannot be painted. */
export function pngOf(page: Page, strip: HTMLCanvasElement | null, type: Type, limit: number): string | null {
  for (const scale of SCALES) {
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(PAGE_WIDTH * scale);
    canvas.height = Math.round(page.height * scale);
    const context = canvas.getContext('2d');
    if (context === null) return null;
    context.scale(scale, scale);
    paint(context, page, strip, type);
    const png = canvas.toDataURL('image/png').split(',', 2)[1] ?? '';
    if (png !== '' && png.length <= limit) return png;
  }
  return null;
}

const fontOf = ({ family, size }: Type, bold: boolean): string => `${bold ? '600 ' : ''}${size}px ${family}`;

function paint(context: CanvasRenderingContext2D, page: Page, strip: HTMLCanvasElement | null, type: Type): void {
  const colour = colours();
  const inks: Readonly<Record<Ink, string>> = {
    text: colour('CanvasText', '--vscode-foreground'),
    quiet: colour('CanvasText', '--vscode-descriptionForeground', '--vscode-foreground'),
    selection: colour('Highlight', '--vscode-list-inactiveSelectionBackground', '--vscode-contrastActiveBorder'),
    selectedText: colour('HighlightText', '--vscode-list-inactiveSelectionForeground', '--vscode-foreground'),
    line: colour('CanvasText', '--vscode-panel-border', '--vscode-contrastBorder'),
  };
  context.fillStyle = colour('Canvas', '--vscode-editor-background');
  context.fillRect(0, 0, PAGE_WIDTH, page.height);
  context.textBaseline = 'top';
  for (const stroke of page.strokes) {
    switch (stroke.kind) {
      case 'text':
        context.font = fontOf(type, stroke.bold);
        context.fillStyle = inks[stroke.ink];
        context.fillText(stroke.text, stroke.x, stroke.y);
        break;
      case 'box':
        context.fillStyle = inks[stroke.ink];
        context.fillRect(stroke.x, stroke.y, stroke.width, stroke.height);
        break;
      case 'strip':
        if (strip !== null) context.drawImage(strip, stroke.x, stroke.y, stroke.width, stroke.height);
        break;
      default:
        assertNever(stroke);
    }
  }
}
