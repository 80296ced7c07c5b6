/** What requests to models go through, as a person has set it. */
export type ProxySetting =
  /** What HTTPS_PROXY, HTTP_PROXY and NO_PROXY say, as for other programs. */
  | { readonly kind: 'environment' }
  | { readonly kind: 'none' }
  /** VS Code's `http.proxy`; its address may hold a user name and a password. */
  | {
      readonly kind: 'settings';
      readonly url: string;
      readonly noProxy: readonly string[];
      readonly strictTls: boolean;
    };
