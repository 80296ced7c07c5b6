/** Signatures of bundles: Ed25519 over the exact bytes of the manifest. The same key and bytes give the same signature. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { type BundleSignature, signatureSchema } from '../../core/evidence/format';
import { OpenExecError } from '../../core/kernel/errors';
import { canonicalize } from '../../core/kernel/json';
import { sha256 } from '../system/sha256';

export type KeyInfo = {
  /** SPKI, PEM. */
  readonly publicKey: string;
  /** SHA-256 of the public key's SPKI DER; what people compare. */
  readonly fingerprint: string;
};

/** A new key pair; the private key is PKCS8, PEM. */
export function createSigningKey(): KeyInfo & { readonly privateKey: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { privateKey: pem, ...infoOf(createPublicKey(privateKey)) };
}

/** What may be known of a private key. Throws `usage` when the text is none of Ed25519; never says what the text was. */
export const keyInfo = (privateKey: string): KeyInfo => infoOf(createPublicKey(privateKeyOf(privateKey)));

/** Signs a manifest. Throws `usage` as `keyInfo` does. */
export function signManifest(manifest: Uint8Array, privateKey: string): BundleSignature {
  const key = privateKeyOf(privateKey);
  const signature = sign(null, manifest, key).toString('base64');
  return { algorithm: 'Ed25519', ...infoOf(createPublicKey(key)), signature };
}

export type SignatureCheck =
  | { readonly good: true; readonly fingerprint: string }
  | { readonly good: false; readonly expected: string; readonly found: string };

/** Checks a `signature.json` against the manifest beside it. That the key is one to be trusted it cannot know. */
export function checkSignature(manifest: Uint8Array, text: string | null): SignatureCheck {
  const signature = read(text);
  if (signature === null) return bad('a signature of a known form', 'another text');
  const key = publicKeyOf(signature.publicKey);
  if (key === null) return bad('an Ed25519 public key in PEM', 'another text');
  const { publicKey, fingerprint } = infoOf(key);
  if (publicKey !== signature.publicKey) return bad('the public key in its usual form', 'another text of it');
  if (fingerprint !== signature.fingerprint) return bad(`the fingerprint ${fingerprint}`, signature.fingerprint);
  const bytes = Buffer.from(signature.signature, 'base64');
  if (bytes.toString('base64') !== signature.signature || !verify(null, manifest, key, bytes)) {
    return bad(`a signature of this manifest by the key ${fingerprint}`, 'one that does not fit');
  }
  return { good: true, fingerprint };
}

const bad = (expected: string, found: string): SignatureCheck => ({ good: false, expected, found });

function read(text: string | null): BundleSignature | null {
  try {
    const signature = signatureSchema.safeParse(JSON.parse(text ?? ''));
    return signature.success && canonicalize(signature.data) === text ? signature.data : null;
  } catch {
    return null;
  }
}

function infoOf(key: KeyObject): KeyInfo {
  return {
    publicKey: key.export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: sha256(key.export({ type: 'spki', format: 'der' })),
  };
}

function publicKeyOf(pem: string): KeyObject | null {
  try {
    // A private key would give its public half here, and has no business in a bundle.
    const key = pem.includes('PRIVATE') ? null : createPublicKey(pem);
    return key?.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}

function privateKeyOf(pem: string): KeyObject {
  let key: KeyObject | null = null;
  try {
    key = createPrivateKey(pem);
  } catch {
    // Not carried on as the cause: what OpenSSL says may quote the key.
  }
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new OpenExecError('usage', 'the signing key is not an Ed25519 private key in PEM (PKCS8)');
}
