import * as vscode from 'vscode';
import { labelText } from '../exactText';
import { info } from '../messages';
import type { KeyPlace } from '../models/models';
import type { Command } from './context';

const TITLE = 'Set API Key';
/** What a header of HTTP can hold; a key holds no spaces either. */
const KEY = /^[\x21-\x7e]*$/;
const HEADER = /^[\x20-\x7e]*$/;

/** "Set API Key…": stores the key of a provider in secret storage, or takes it away; asks which, unless it is named. */
export const setApiKey: Command = async ({ models }, provider) => {
  const places = await models.keyPlaces();
  const named = places.filter((place) => place.provider === provider);
  const place = named.length === 1 ? named[0] : await pickPlace(named.length > 1 ? named : places);
  if (place === undefined) return;
  const what = nameOf(place);
  const key = await vscode.window.showInputBox({
    title: `${TITLE}: ${what}`,
    prompt: `Sent to ${place.destination}, and kept in the secret storage of VS Code. Leave it empty to remove the stored one.`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) => problemWith(value.trim(), place),
  });
  if (key === undefined) return;
  await models.storeKey(place, key);
  void info(`OpenExec: ${what}: the API key was ${key.trim() === '' ? 'removed' : 'stored'}.`);
};

/** Never holds what was typed. */
function problemWith(value: string, { header }: KeyPlace): string | undefined {
  if (header !== undefined) return HEADER.test(value) ? undefined : 'A header holds plain ASCII characters only.';
  return KEY.test(value) ? undefined : 'A key holds neither spaces nor anything but plain ASCII characters.';
}

async function pickPlace(places: readonly KeyPlace[]): Promise<KeyPlace | undefined> {
  const items = places.map((place) => ({
    label: labelText(nameOf(place)),
    description: labelText(place.destination),
    detail: place.isSet ? 'A key is stored' : 'No key is stored',
    place,
  }));
  const options = { title: TITLE, placeHolder: 'Whose key?', matchOnDescription: true, ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(items, options))?.place;
}

const nameOf = ({ provider, header }: KeyPlace): string =>
  header === undefined ? provider : `${provider}, header ${header}`;
