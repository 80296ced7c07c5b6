/** Texts that hold nothing to hide, and must come out as they went in. */
import { ALNUM, BASE64, chance, HEX, UPPER, uuid } from './fakes';

export type Innocent = { readonly what: string; readonly text: string };

const r = chance(4711);
const hex = (length: number): string => r(length, HEX);

const HASHES: readonly [string, string][] = [
  [
    'git log',
    `commit ${hex(40)}\nMerge: ${hex(7)} ${hex(7)}\nDate:   Mon Mar 2 10:00:00 2026 +0200\n\n    Fix the parser\n`,
  ],
  ['git log, short', Array.from({ length: 20 }, (_, i) => `${hex(9)} Fix #${1000 + i}`).join('\n')],
  ['sha256sum', Array.from({ length: 5 }, (_, i) => `${hex(64)}  file-${i}.tar.gz`).join('\n')],
  [
    'lock file',
    `"node_modules/a": {\n  "version": "1.2.3",\n  "resolved": "https://registry.npmjs.org/a/-/a-1.2.3.tgz",\n  "integrity": "sha512-${r(86, BASE64)}==",\n  "license": "MIT"\n}`,
  ],
  [
    'yarn lock',
    `a@^1.0.0:\n  version "1.2.3"\n  resolved "https://registry.yarnpkg.com/a/-/a-1.2.3.tgz#${hex(40)}"\n  integrity sha512-${r(86, BASE64)}==\n`,
  ],
  ['pnpm lock', `  /a@1.0.0:\n    resolution: {integrity: sha512-${r(86, BASE64)}==}\n    engines: {node: '>=8'}\n`],
  [
    'go.sum',
    `github.com/pkg/errors v0.9.1 h1:${r(43, BASE64)}=\ngithub.com/pkg/errors v0.9.1/go.mod h1:${r(43, BASE64)}=\n`,
  ],
  ['Cargo.lock', `[[package]]\nname = "serde"\nversion = "1.0.1"\nchecksum = "${hex(64)}"\n`],
  ['poetry lock', `    {file = "a-1.0-py3-none-any.whl", hash = "sha256:${hex(64)}"},\n`],
  ['docker digest', `FROM node:20@sha256:${hex(64)}\n`],
  ['action pin', `      - uses: actions/checkout@${hex(40)} # v4.1.7\n`],
  ['uuid', `id: ${uuid(r)}\nparent: ${uuid(r)}\n`],
  ['uuid in JSON', `{"requestId":"${uuid(r)}","traceId":"${hex(32)}","spanId":"${hex(16)}"}`],
  ['ulid', `order ${r(26, UPPER)} shipped`],
  ['etag', `ETag: "${hex(32)}"\nLast-Modified: Mon, 02 Mar 2026 10:00:00 GMT\n`],
  ['cache key', `key: build-linux-${hex(64)}`],
  ['cache key of CI', "key: ${{ runner.os }}-node-${{ hashFiles('**/package-lock.json') }}"],
  ['sri', `<script src="https://cdn.io/a.js" integrity="sha384-${r(64, BASE64)}" crossorigin="anonymous"></script>`],
  ['build artefact', `dist/assets/index-${r(8)}.js  143.20 kB │ gzip: 46.11 kB`],
  ['hash of a public key', `SHA256:${r(43, BASE64)} deploy key (ED25519)`],
  ['public key', `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${r(43, BASE64)} ci`],
  ['public PEM', `-----BEGIN PUBLIC KEY-----\n${r(64, BASE64)}\n${r(64, BASE64)}\n-----END PUBLIC KEY-----`],
  ['certificate', `-----BEGIN CERTIFICATE-----\n${r(64, BASE64)}\n${r(64, BASE64)}\n-----END CERTIFICATE-----`],
  ['data URL', `background: url(data:image/png;base64,iVBORw0KGgo${r(400, BASE64)}=);`],
  ['svg image', `<image href="data:image/jpeg;base64,/9j/4AAQSkZJRg${r(900, BASE64)}"/>`],
  ['font', `src: url(data:font/woff2;base64,d09GMgABAAAAA${r(2000, BASE64)}) format('woff2');`],
  ['source map', `//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjoz${r(300, BASE64)}`],
  [
    'mappings',
    `{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA,SAASA,KAAK,CAAC${r(400, ALNUM).replace(/(.{5})/g, '$1,')}"}`,
  ],
  ['tsbuildinfo', `{"version":"${hex(64)}","signature":"${hex(64)}","affectsGlobalScope":true}`],
];

const CODE: readonly [string, string][] = [
  ['a call', 'const password = getPassword();\nconst token = await fetchToken(user);'],
  ['environment', 'const key = process.env.API_KEY;\nconst secret = process.env["CLIENT_SECRET"] ?? "";'],
  ['python environment', 'SECRET_KEY = os.environ["SECRET_KEY"]\nPASSWORD = os.getenv("DB_PASSWORD")'],
  [
    'shell variables',
    'export DB_PASSWORD="${DB_PASSWORD}"\nTOKEN=$(cat /run/secrets/token)\ncurl -H "Authorization: Bearer $TOKEN" "$URL"',
  ],
  ['workflow secrets', 'env:\n  NPM_TOKEN: ${{ secrets.NPM_TOKEN }}\n  GH_TOKEN: ${{ github.token }}'],
  [
    'types',
    'interface Login {\n  username: string;\n  password: string;\n  token?: string | null;\n  apiKey: ApiKey;\n}',
  ],
  ['zod', 'const schema = z.object({ password: z.string().min(8), token: z.string().uuid() });'],
  ['shorthand', 'login({ user, password, token });\nreturn { accessToken: newToken, refreshToken: oldToken };'],
  [
    'member access',
    'this.password = options.password;\nconfig.token = ctx.session.accessToken;\nuser.apiKey = row.api_key',
  ],
  ['python', 'def login(self, password: str, token: Optional[str] = None) -> bool:\n    self.password = password'],
  ['java', 'private String password;\npublic void setPassword(String password) { this.password = password; }'],
  ['go', 'type Config struct {\n\tPassword string `yaml:"password"`\n\tToken    string `json:"token,omitempty"`\n}'],
  [
    'rust',
    'pub struct Auth { pub token: String, pub secret: Vec<u8> }\nlet secret = Secret::new(env::var("SECRET")?);',
  ],
  [
    'C#',
    'var password = builder.Configuration["Db:Password"];\nservices.Configure<TokenOptions>(o => o.Secret = secret);',
  ],
  [
    'tests of a form',
    "await page.fill('#password', user.password);\nexpect(screen.getByLabelText('Password')).toBeVisible();",
  ],
  ['lexer', "if (token.type === 'IDENT' && tokens[i + 1].value === '=') token = tokens[++i];"],
  ['token limits', 'max_tokens: 4096\ntokens_used=18231\nprompt_tokens: 512, completion_tokens: 77'],
  ['css', '.password-field { color: #ff00aa; }\n.token-keyword { color: #569cd6 }\n:root{--key-color:#1e1e1e}'],
  ['html', '<input type="password" name="password" autocomplete="current-password" placeholder="Password">'],
  ['html labels', '<label for="token">Access token</label><input id="token" type="text" value="">'],
  ['jsx', '<Field name="apiKey" label="API key" type="password" value={apiKey} onChange={setApiKey} />'],
  [
    'minified',
    'var e=t.password,n=t.token;e&&n?(r.secret=o(e,n),i.key=a.keyCode):void 0;for(var c=0;c<s.length;c++)u[c]=s[c].key',
  ],
  ['keyboard', "if (event.key === 'Enter' || event.key === 'Escape') close();\nconst key = e.keyCode || e.which;"],
  ['React keys', 'items.map((item) => <li key={item.id}>{item.name}</li>)\n<Row key={`row-${index}`} />'],
  ['storage keys', "const STORAGE_KEY = 'todo-list-v2';\nlocalStorage.setItem(STORAGE_KEY, JSON.stringify(items));"],
  ['query keys', "useQuery({ queryKey: ['users', 'list', page], queryFn: fetchUsers })"],
  ['comparison', 'if (password === confirmPassword && password.length >= 8) submit();\nassert token == expected_token'],
  ['error codes', "throw new AuthError('INVALID_PASSWORD', 'password: must be at least 8 characters');"],
  ['constants', "export const RESET_PASSWORD = 'auth/RESET_PASSWORD';\nexport const TOKEN_EXPIRED = 'TOKEN_EXPIRED';"],
  ['routes', "router.post('/password/reset', resetPassword);\nGET /api/v1/token/refresh 200 12ms"],
  [
    'regular expressions',
    'const PASSWORD = /^(?=.*[A-Z])(?=.*\\d).{8,}$/;\nconst EMAIL = /^[^@\\s]+@[^@\\s]+\\.[a-z]+$/;',
  ],
  [
    'SQL schema',
    'CREATE TABLE users (\n  id uuid PRIMARY KEY,\n  password varchar(255) NOT NULL,\n  token text,\n  FOREIGN KEY (org_id) REFERENCES orgs(id)\n);',
  ],
  ['SQL dump', "INSERT INTO `settings` VALUES (1,'theme','dark',1700000000),(2,'page_size','50',1700000123456);"],
  ['graphql', 'mutation Login($password: String!, $token: ID) { login(password: $password, token: $token) { token } }'],
  ['proto', 'message Auth { string password = 1; string token = 2; bytes secret = 3; }'],
  [
    'terraform variables',
    'password = var.db_password\ntoken    = data.vault_generic_secret.app.data["token"]\nsecret_name = "prod/app/db"',
  ],
  [
    'helm',
    'password: {{ .Values.db.password | quote }}\nexistingSecret: my-release-postgresql\nsecretKeyRef:\n  name: app-secrets\n  key: db-password',
  ],
  ['ansible', 'password: "{{ vault_db_password }}"\nno_log: true'],
  [
    'compose',
    'environment:\n  POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?missing}\nsecrets:\n  db_password:\n    file: ./secrets/db_password.txt',
  ],
  [
    'class names',
    'class="sk-fading-circle-spinner-with-a-long-name sk-folding-cube"\nimport SkipToContentLinkForAccessibility from "./skip"',
  ],
  [
    'long identifiers',
    'AbstractSingletonProxyFactoryBean ThisIsAVeryLongJavaClassNameForTesting2Things getUserAccountDetailsById123',
  ],
  ['kernel', 'Mar  2 10:11:12 host kernel: [12345.678901] usb 1-1: new high-speed USB device number 5 using xhci_hcd'],
  ['hex dump', '00000000  7f 45 4c 46 02 01 01 00  00 00 00 00 00 00 00 00  |.ELF............|'],
  ['svg path', '<path d="M12.5+34.25l-3.75+4.1255C123.4567 890.1234 567.89 1 0 0+12345678z"/>'],
  ['diff with numbers', '--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-40123456\n+401234567\n+1700000000000\n'],
  [
    'arrays of numbers',
    '[4539148803436467123, 1234567890123456, 1700000000000000, 16777216, 2147483647, 9007199254740991]',
  ],
  ['table', '5282 5281 5290 5293 5301 5302\n4111 1111 2222 3333 4444 5555\n'],
];

const PLACEHOLDERS: readonly [string, string][] = [
  ['your key', 'OPENAI_API_KEY=your-api-key-here\nSECRET_KEY=<your-secret-key>\nTOKEN=YOUR_TOKEN'],
  ['changeme', 'password: changeme\nDB_PASSWORD=change_me\nSECRET=replace-me-with-a-long-string'],
  [
    'crosses',
    'api_key = "xxxxxxxxxxxxxxxxxxxxxxxx"\nsk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\nghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
  ],
  ['stars', 'password: ********\ntoken: ****************abcd\nAuthorization: Bearer ***'],
  [
    'dots',
    'Authorization: Bearer eyJhbGciOi...\nsecret: "..."\n-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
  ],
  [
    'AWS example',
    'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  ],
  ['angle brackets', 'psql postgres://<user>:<password>@<host>:5432/<db>\ncurl -H "X-Api-Key: <API_KEY>"'],
  ['URL of a manual', 'postgres://user:password@localhost:5432/mydb and postgres://postgres:postgres@localhost/test'],
  ['shell in a manual', 'export TOKEN=...\nmyapp login --token <token> --password $PASSWORD'],
  ['words', 'password: "password"\n"password": "Password"\n"secret": "secret"\ntoken: "token"'],
  ['null', 'password: null\ntoken: undefined\napiKey: ""\nsecret: false\n"api_key": null'],
  ['placeholders of ours', 'key = «github-token:1»\npassword: «password:2»\nmail to «email»'],
  [
    'example in .env',
    'DB_HOST=localhost\nDB_PORT=5432\nDB_NAME=app\nDB_USER=app\nLOG_LEVEL=info\nNODE_ENV=development',
  ],
];

const PROSE: readonly [string, string][] = [
  [
    'about passwords',
    'Passwords must be at least 12 characters long. The token expires after 3600 seconds; the secret is stored in Vault.',
  ],
  ['about prefixes', 'Keys that begin with sk- or ghp_ or AKIA are secrets; eyJ begins a token.'],
  [
    'i18n',
    '{\n  "login.password": "Password",\n  "login.forgotPassword": "Forgot your password?",\n  "token.expired": "Your token has expired.",\n  "secret.hint": "Enter the secret"\n}',
  ],
  ['i18n, Finnish', '{ "password": "Salasana", "confirmPassword": "Vahvista salasana", "apiKey": "API-avain" }'],
  ['i18n, German', 'password=Passwort\nforgotPassword=Passwort vergessen?\nnewPassword=Neues Passwort\n'],
  [
    'issue',
    'After upgrading from 4.17.20 to 4.17.21 the password reset e-mail is not sent. Token is valid, secret is set, node v20.11.1.',
  ],
  [
    'commit messages',
    'feat(auth): rotate token secret\nfix: password is not trimmed (#1234)\nchore: bump jsonwebtoken from 8.5.1 to 9.0.2',
  ],
  [
    'changelog',
    '## [2.3.1] - 2026-03-01\n### Fixed\n- Token refresh failed for users with 2FA (#812)\n- Password strength meter',
  ],
  [
    'readme badge',
    '[![codecov](https://codecov.io/gh/acme/app/branch/main/graph/badge.svg?token=AB12CD34EF)](https://codecov.io/gh/acme/app)\n![npm](https://img.shields.io/npm/v/app.svg)',
  ],
  [
    'git addresses',
    'git clone git@github.com:acme/app.git\nssh://git@gitlab.com:22/acme/app.git\nscp deploy@server.example.com:/var/www/app .',
  ],
  [
    'role addresses',
    'Report security issues to security@acme.io or support@acme.io; noreply@github.com, 12345+octocat@users.noreply.github.com',
  ],
  ['example addresses', 'user@example.com you@company.com test@test.com name@domain.com foo@bar.com me@example.org'],
  ['scoped packages', '@types/node@20.11.1 @babel/core@^7.0.0 lodash@4.17.21 npm:react@18.2.0 icon@2x.png'],
  [
    'licence',
    'MIT License\n\nCopyright (c) 2015-2024 Sindre Sorhus <sindresorhus@gmail.com> (https://sindresorhus.com)\n\nPermission is hereby granted, free of charge, to any person',
  ],
  [
    'author in package.json',
    '{\n  "name": "x",\n  "author": "Jon Schlinkert <jon.s@outlook.com>",\n  "maintainers": [{ "name": "B", "email": "brian.w@gmail.com" }]\n}',
  ],
  ['author in a docblock', '/**\n * @author Anna Meier <anna.meier@web.de>\n * @license MIT\n */'],
  ['versions', 'node 20.11.1, npm 10.2.4, 1.2.3-beta.4+build.567, ^4.17.21, ~2.0.0, >=1.0.0 <2.0.0, 2026.3.1'],
  ['IP addresses', '192.168.1.1 10.0.0.0/8 127.0.0.1:3000 2001:0db8:85a3:0000:0000:8a2e:0370:7334 fe80::1%eth0'],
  ['timestamps', '2026-03-02T10:11:12.123Z 1700000000 1700000000000 2026-03-02 10:11:12+02:00 20260302101112'],
  ['dates and ids', 'Order 20260302-0001, invoice 100200300, ticket #555-1234, ISBN 978-3-16-148410-0, RFC 2119'],
  ['coordinates', '60.169857, 24.938379; -122.419416,37.774929; {"lat":40.712776,"lng":-74.005974}'],
  ['colours', '#fff #1e1e1e #AABBCCDD rgba(255, 255, 255, 0.5) hsl(210 40% 98%)'],
  ['ports and sizes', 'listening on 0.0.0.0:8080; 1048576 bytes; 65535; +20% -3; 3.14159265358979; 6.02214076e+23'],
  [
    'phone words',
    'Phone number is required. Call the function with 3 arguments; mobile: true; tel: null; contact 12 of 40',
  ],
  [
    'stack trace',
    'Error: invalid token\n    at verify (/app/node_modules/jsonwebtoken/verify.js:75:17)\n    at Layer.handle (/app/node_modules/express/lib/router/layer.js:95:5)',
  ],
  [
    'test output',
    '--- PASS: TestPassword/ok_127.0.0.1:0 (0.00s)\nPASS src/auth/token.test.ts (5.123 s)\nTests: 3 failed, 128 passed, 131 total',
  ],
  [
    'npm output',
    'added 1243 packages, and audited 1244 packages in 32s\n210 packages are looking for funding\nfound 0 vulnerabilities',
  ],
  [
    'docker output',
    `Step 3/9 : RUN npm ci\n ---> Running in ${hex(12)}\n ---> ${hex(12)}\nSuccessfully built ${hex(12)}`,
  ],
  ['kubectl', `pod/api-${hex(9)}-x7k2p   1/1   Running   0   3d4h\npod/web-${hex(10)}-9bqtz   0/1   CrashLoopBackOff`],
  [
    'cloud names',
    'arn:aws:iam::123456789012:role/deploy\nprojects/acme-prod/secrets/db-password/versions/latest\nop://vault/item/password',
  ],
  [
    'secret names',
    'secretName: app-tls\nkms_key_id: alias/app\nAWS_SECRET_NAME=prod/app/db\npassword_file=/run/secrets/db_password',
  ],
  [
    'urls',
    'https://example.com:8443/a?b=c&page=2&sort=asc#frag http://localhost:3000/a@b https://unpkg.com/react@18.2.0/umd/react.js',
  ],
  ['gravatar', `https://www.gravatar.com/avatar/${hex(32)}?s=200`],
  ['youtube', `https://www.youtube.com/watch?v=${r(11)} https://youtu.be/${r(11)}`],
  ['google docs', `https://docs.google.com/document/d/${r(44)}/edit`],
  ['figma', `https://www.figma.com/file/${r(22)}/Design?node-id=12%3A345`],
  ['wasm', `(func $f (param i32) (result i32)\n  local.get 0\n  i32.const 1103515245\n  i32.mul)`],
  ['lorem', 'Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore.'],
  [
    'Finnish',
    'Käyttäjän salasana pitää vaihtaa 90 päivän välein. Tunnus on voimassa 31.12.2026 asti, puh. ei tiedossa.',
  ],
  [
    'csv',
    'id,amount,currency,date\n1,1200.50,EUR,2026-01-02\n2,99.95,USD,2026-01-03\n1000000000000001,5,EUR,2026-01-04\n',
  ],
  ['recaptcha and publishable keys', `<div data-sitekey="6Le${r(37)}"></div> pk_live_${r(24)} pk_test_${r(24)}`],
  ['Sentry address', `dsn: "https://${hex(32)}@o123456.ingest.sentry.io/4501234567"`],
  ['analytics ids', 'G-1A2B3C4D5E UA-12345678-1 GTM-ABC1234 AC123'],
  ['snowflakes', 'user 175928847299117063 in channel 41771983423143937'],
  ['jsonl of events', `{"seq":12,"hash":"${hex(64)}","prev":"${hex(64)}","type":"tool.finished","data":{"ms":12}}`],
];

export const INNOCENTS: readonly Innocent[] = [...HASHES, ...CODE, ...PLACEHOLDERS, ...PROSE].map(([what, text]) => ({
  what,
  text,
}));
