/** Files and folders that a task names and that deserve caution: those of secrets, and those of guarded code. */
import type { TaskFacts } from '../../events/planParts';
import { matchesAny } from '../../policy/globs';

/** What looks like a path or the name of a file; bounded, so that no text makes it slow. */
const PATHS = /(?<![\w./@-])(?:~\/|\.{1,2}\/|\/)?\.?[\w@-]{1,60}(?:[./][\w@-]{1,60}){0,12}\/?/gu;
const MOST_PATHS = 300;

const SECRET_FILES: readonly string[] = [
  '**/.env',
  '**/.env.!(example|sample|template|dist|defaults|schema|md|ts|js)',
  '**/*.{pem,p12,pfx,jks,keystore,kdbx,tfstate}',
  '**/id_{rsa,dsa,ecdsa,ed25519}',
  '**/.{ssh,aws,gnupg,kube}/**',
  '**/.{netrc,pgpass,htpasswd,git-credentials}',
  '**/{secrets,credentials,service-account,client_secret}.{json,yaml,yml,toml}',
  '**/{kubeconfig,terraform.tfvars,secrets.tfvars}',
];
const GUARDED: readonly { readonly globs: readonly string[]; readonly what: string }[] = [
  {
    what: 'a database migration',
    globs: [
      '**/{migrations,migrate,flyway,liquibase,alembic}/**',
      '**/{migrations,alembic}',
      '**/schema.{sql,prisma,rb}',
    ],
  },
  {
    what: 'code of the sign-in',
    globs: [
      '**/{auth,authentication,authz,oauth,oidc,saml,sso,identity,acl,rbac,iam}/**',
      '**/{auth,oauth,oidc,saml,sso}.*',
    ],
  },
  {
    what: 'code of payments',
    globs: [
      '**/{payment,payments,billing,checkout,ledger,invoicing,payouts,refunds}/**',
      '**/{payment,payments,billing}.*',
    ],
  },
  { what: 'cryptographic code', globs: ['**/{crypto,cryptography,encryption,pki,tls}/**'] },
  {
    what: 'infrastructure',
    globs: [
      '**/{infra,infrastructure,terraform,ansible,k8s,kubernetes,helm,charts}/**',
      '**/*.tf',
      '**/Dockerfile.prod*',
    ],
  },
];

export type NamedPaths = { readonly high: readonly string[]; readonly medium: readonly string[] };

/** Reasons for caution by the paths that a task names; `withheld` are the globs that the policy keeps out of prompts. */
export function namedPaths(plain: string, { named }: TaskFacts, withheld: readonly string[]): NamedPaths {
  const there = named.filter(({ what }) => what === 'path').flatMap(({ paths }) => paths);
  const high = there.filter((path) => matchesAny(withheld, path));
  const said = new Set<string>();
  for (const [found] of plain.matchAll(PATHS)) {
    if (/[./]/.test(found)) said.add(found.replace(/^(?:~\/|\.{1,2}\/|\/)/, '').replace(/\/$/, ''));
    if (said.size >= MOST_PATHS) break;
  }
  const paths = [...said, ...there].filter((path) => path !== '' && !high.includes(path));
  const medium: string[] = [];
  const secret = paths.filter((path) => matchesAny(SECRET_FILES, path));
  if (secret.length > 0) medium.push(`names ${list(secret)}, where secrets are kept (path)`);
  for (const { globs, what } of GUARDED) {
    const hits = paths.filter((path) => path.includes('/') && matchesAny(globs, path));
    if (hits.length > 0) medium.push(`names ${list(hits)}, ${what} (path)`);
  }
  return {
    high:
      high.length > 0 ? [`names ${list([...new Set(high)])}, which the policy keeps out of every prompt (path)`] : [],
    medium,
  };
}

const SHOWN = 3;
const list = (paths: readonly string[]): string => {
  const each = [...new Set(paths)];
  return `${each.slice(0, SHOWN).join(', ')}${each.length > SHOWN ? ` and ${each.length - SHOWN} more` : ''}`;
};
