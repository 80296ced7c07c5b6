/** The proxy that VS Code is set to use: what OpenExec sends over HTTP goes the same way. */
import * as vscode from 'vscode';
import { z } from 'zod';
import type { ProxySetting } from '../core/models/proxy';

/**
 * `http.proxySupport`, `http.proxy`, `http.noProxy` and `http.proxyStrictSSL`. Total: a proxy that makes no sense is handed on as
 * it stands, for the transport to refuse; what was to go through it must not go past it.
 */
export function proxySetting(): ProxySetting {
  const http = vscode.workspace.getConfiguration('http');
  if (http.get('proxySupport') === 'off') return { kind: 'none' };
  const url = String(http.get('proxy') ?? '').trim();
  if (url === '') return { kind: 'environment' };
  const noProxy = z.array(z.string()).safeParse(http.get('noProxy') ?? []);
  return {
    kind: 'settings',
    url,
    noProxy: noProxy.success ? noProxy.data : [],
    strictTls: http.get('proxyStrictSSL') !== false,
  };
}

/** The password of the proxy, as it stands in the setting and as it is meant, so that it is never recorded or sent. */
export function proxySecrets(): string[] {
  const url = String(vscode.workspace.getConfiguration('http').get('proxy') ?? '').trim();
  const whole = url.includes('://') ? url : `http://${url}`;
  if (!URL.canParse(whole)) return [];
  const { password } = new URL(whole);
  return password === '' ? [] : [...new Set([password, decoded(password)])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
