import * as vscode from 'vscode';
import { askModal, info } from '../messages';
import type { Command } from './context';

const REPLACE = 'Replace Key';
const COPY = 'Copy Public Key';

/** "Create Signing Key": an Ed25519 key in secret storage, with which every bundle from now on is signed. */
export const createSigningKey: Command = async ({ runs }) => {
  const old = await runs.signingKey();
  if (old !== null) {
    const detail = `The key ${old.fingerprint} is deleted for good. Bundles that it signed stay as they are; new ones are signed with the new key.`;
    if ((await askModal('Replace the signing key?', detail, REPLACE)) !== REPLACE) return;
  }
  const { publicKey, fingerprint } = await runs.createSigningKey();
  const text = `OpenExec: new bundles are signed with the key ${fingerprint}. Give its public half to whoever checks them.`;
  const picked = await info(text, COPY);
  if (picked === COPY) await vscode.env.clipboard.writeText(publicKey);
};
