/** Texts as agents meet them, each with the secrets or personal data that must be gone afterwards. */
import { ALNUM, BASE64, chance, HEX, UPPER, URL64, uuid } from './fakes';

export type Positive = { readonly what: string; readonly text: string; readonly secrets: readonly string[] };

type Random = ReturnType<typeof chance>;
type Token = readonly [what: string, make: (r: Random) => string];

/** Tokens that are known by their form, wherever they stand. */
export const TOKENS: readonly Token[] = [
  ['GitHub token', (r) => `gh${'p'}_${r(36)}`],
  ['GitHub app token', (r) => `gh${'s'}_${r(36)}`],
  ['GitHub fine-grained token', (r) => `github_${'pat'}_${r(22)}_${r(59)}`],
  ['GitLab token', (r) => `gl${'pat'}-${r(20, URL64)}`],
  ['GitLab runner token', (r) => `gl${'rt'}-${r(20, URL64)}`],
  ['AWS key id', (r) => `AK${'IA'}${r(16, UPPER)}`],
  ['AWS temporary key id', (r) => `AS${'IA'}${r(16, UPPER)}`],
  ['Google API key', (r) => `AI${'za'}${r(35, URL64)}`],
  ['Google OAuth secret', (r) => `GOC${'SPX'}-${r(28, URL64)}`],
  ['Google access token', (r) => `ya${'29'}.a0${r(60, URL64)}`],
  ['Azure client secret', (r) => `${r(3)}8Q~${r(34)}`],
  ['Slack bot token', (r) => `xo${'xb'}-${r(12, '123456789')}-${r(12, '123456789')}-${r(24)}`],
  [
    'Slack user token',
    (r) => `xo${'xp'}-${r(12, '123456789')}-${r(12, '123456789')}-${r(12, '123456789')}-${r(32, HEX)}`,
  ],
  ['Slack app token', (r) => `xa${'pp'}-1-A${r(10, UPPER)}-${r(13, '123456789')}-${r(64, HEX)}`],
  ['Slack client cookie token', (r) => `xo${'xc'}-${r(12, '123456789')}-${r(12, '123456789')}-${r(64, HEX)}`],
  ['Discord bot token', (r) => `M${'T'}${r(22)}.${r(6)}.${r(38, URL64)}`],
  ['Telegram bot token', (r) => `${r(10, '123456789')}:AA${r(33, URL64)}`],
  ['Stripe live key', (r) => `sk_${'live'}_${r(24)}`],
  ['Stripe test key', (r) => `sk_${'test'}_${r(24)}`],
  ['Stripe restricted key', (r) => `rk_${'live'}_${r(24)}`],
  ['Stripe webhook secret', (r) => `whs${'ec'}_${r(32)}`],
  ['Twilio key', (r) => `S${'K'}${r(32, HEX)}`],
  ['SendGrid key', (r) => `S${'G'}.${r(22, URL64)}.${r(43, URL64)}`],
  ['Mailgun key', (r) => `ke${'y'}-${r(32, HEX)}`],
  ['Mailchimp key', (r) => `${r(32, HEX)}-us${'12'}`],
  ['npm token', (r) => `np${'m'}_${r(36)}`],
  ['PyPI token', (r) => `py${'pi'}-AgEIcHlwaS5vcmc${r(100, URL64)}`],
  ['RubyGems key', (r) => `ruby${'gems'}_${r(48, HEX)}`],
  ['Docker Hub token', (r) => `dckr_${'pat'}_${r(27, URL64)}`],
  ['Hugging Face token', (r) => `h${'f'}_${r(34)}`],
  ['OpenAI key', (r) => `s${'k'}-${r(20)}T3BlbkFJ${r(20)}`],
  ['OpenAI project key', (r) => `s${'k'}-proj-${r(74, URL64)}T3BlbkFJ${r(40)}`],
  ['Anthropic key', (r) => `s${'k'}-ant-api03-${r(93, URL64)}AA`],
  ['Groq key', (r) => `gs${'k'}_${r(52)}`],
  ['Replicate token', (r) => `r${'8'}_${r(37)}`],
  ['DigitalOcean token', (r) => `do${'p'}_v1_${r(64, HEX)}`],
  ['Vault token', (r) => `hv${'s'}.${r(92, URL64)}`],
  ['Terraform Cloud token', (r) => `${r(14)}.atlas${'v1'}.${r(67)}`],
  ['Databricks token', (r) => `da${'pi'}${r(32, HEX)}`],
  ['New Relic key', (r) => `NR${'AK'}-${r(27, UPPER)}`],
  ['Grafana service token', (r) => `gl${'sa'}_${r(32)}_${r(8, HEX)}`],
  ['Sentry token', (r) => `sntr${'yu'}_${r(64, HEX)}`],
  ['Shopify token', (r) => `shp${'at'}_${r(32, HEX)}`],
  ['Square token', (r) => `sq0${'atp'}-${r(22, URL64)}`],
  ['Linear key', (r) => `lin_${'api'}_${r(40)}`],
  ['Notion token', (r) => `nt${'n'}_${r(46)}`],
  ['Notion old token', (r) => `sec${'ret'}_${r(43)}`],
  ['Figma token', (r) => `fig${'d'}_${r(40, URL64)}`],
  ['Airtable token', (r) => `pa${'t'}${r(14)}.${r(64, HEX)}`],
  ['Atlassian token', (r) => `ATA${'TT3'}xFfGF0${r(180, URL64)}=${r(8, UPPER)}`],
  ['JSON Web Token', (r) => `ey${'J'}hbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.ey${'J'}${r(60, URL64)}.${r(43, URL64)}`],
  ['age key', (r) => `AGE-SECRET-${'KEY'}-1${r(58, UPPER)}`],
  ['Postman key', (r) => `PM${'AK'}-${r(24, HEX)}-${r(34, HEX)}`],
  ['Doppler token', (r) => `dp.${'pt'}.${r(43)}`],
  ['Pulumi token', (r) => `pu${'l'}-${r(40, HEX)}`],
];

/** Places where a token may stand. */
const AROUND: readonly ((token: string) => string)[] = [
  (t) => `export TOKEN=${t}\n`,
  (t) => `The build fails since yesterday with 401. I use ${t} in the pipeline, can you look?`,
  (t) => `const client = new Client("${t}");\nawait client.connect();\n`,
  (t) => `[2026-03-02T10:11:12Z] WARN request rejected, credentials=${t}, retrying in 5 s`,
  (t) => `curl -sS -H "Authorization: Bearer ${t}" https://api.internal.acme.io/v2/items | jq .`,
  (t) => `{"level":"error","msg":"bad token","ctx":{"sent":"${t}","status":403}}`,
  (t) => `diff --git a/config.yml b/config.yml\n@@ -1 +1 @@\n-key: old\n+key: ${t}\n`,
  (t) => `https://api.acme.io/v1/hook?access_token=${t}&page=2`,
];

function tokensInTexts(): Positive[] {
  const r = chance(20260301);
  return TOKENS.flatMap(([what, make], at) =>
    [0, 3, 5].map((step): Positive => {
      const token = make(r);
      const around = AROUND[(at + step) % AROUND.length] ?? ((t: string) => t);
      return { what, text: around(token), secrets: [token] };
    }),
  );
}

const pem = (label: string, r: Random, lines: number): string[] => [
  `-----BEGIN ${label}-----`,
  ...Array.from({ length: lines }, () => r(64, BASE64)),
  `-----END ${label}-----`,
];

function assigned(): Positive[] {
  const r = chance(77);
  const one = (what: string, secret: string, text: (secret: string) => string): Positive => ({
    what,
    text: text(secret),
    secrets: [secret],
  });
  const rsa = `RSA PRIVATE ${'KEY'}`;
  const keyLines = pem(rsa, r, 12);
  const plain = `PRIVATE ${'KEY'}`;
  const openssh = pem(`OPENSSH ${plain}`, r, 6);
  return [
    one(
      'AWS secret in a profile',
      r(40, BASE64),
      (s) => `[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = ${s}\nregion = eu-north-1\n`,
    ),
    one(
      'AWS secret in JSON',
      r(40, BASE64),
      (s) => `{"AccessKeyId": "x", "SecretAccessKey": "${s}", "Expiration": "2026-01-01T00:00:00Z"}`,
    ),
    one('AWS session token', `IQoJb3JpZ2lu${r(300, BASE64)}`, (s) => `export AWS_SESSION_TOKEN="${s}"\n`),
    one(
      'Azure storage connection',
      `${r(86, BASE64)}==`,
      (s) => `DefaultEndpointsProtocol=https;AccountName=acmeprod;AccountKey=${s};EndpointSuffix=core.windows.net`,
    ),
    one(
      'Azure service bus',
      `${r(43, BASE64)}=`,
      (s) => `Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=RootManage;SharedAccessKey=${s}`,
    ),
    one(
      'Azure SAS',
      `${r(41, ALNUM)}%2B3%3D`,
      (s) => `https://acme.blob.core.windows.net/backups/db.bak?sv=2022-11-02&ss=b&se=2026-12-31&sig=${s}`,
    ),
    one(
      'password in .env',
      `${r(6)}!${r(5)}7`,
      (s) => `NODE_ENV=production\nDB_HOST=db.internal\nDB_PASSWORD=${s}\nPORT=3000\n`,
    ),
    one(
      'quoted password in .env',
      `p@ss ${r(6)}`.replace(' ', '#'),
      (s) => `APP_NAME="My App"\nSMTP_PASSWORD="${s}"\n`,
    ),
    one('words as password in .env', 'correcthorsebattery', (s) => `MYSQL_ROOT_PASSWORD=${s}\nMYSQL_DATABASE=app\n`),
    one('API key in .env', r(32, HEX), (s) => `DATADOG_API_KEY=${s}\n`),
    one('app key in .env', r(40, HEX), (s) => `DD_APP_KEY=${s}\nDD_SITE=datadoghq.eu\n`),
    one('JWT secret in .env', r(48), (s) => `PORT=8080\nJWT_SECRET=${s}\n`),
    one('Heroku key', uuid(r), (s) => `HEROKU_API_KEY=${s} git push heroku main`),
    one('Cloudflare token', r(40, URL64), (s) => `CLOUDFLARE_API_TOKEN=${s}\nCF_ZONE=acme.io\n`),
    one('Twilio auth token', r(32, HEX), (s) => `TWILIO_ACCOUNT_SID=ACxx\nTWILIO_AUTH_TOKEN=${s}\n`),
    one('Cohere key', r(40), (s) => `co = cohere.Client(api_key="${s}")`),
    one('Fastly key', r(32, URL64), (s) => `Fastly-Key: x\nFASTLY_API_TOKEN: ${s}\n`),
    one(
      'Okta token',
      `00${r(40, URL64)}`,
      (s) => `GET /api/v1/users HTTP/1.1\nHost: acme.okta.com\nAuthorization: SSWS ${s}\n`,
    ),
    one(
      'Auth0 client secret',
      r(64, URL64),
      (s) => `auth0:\n  domain: acme.eu.auth0.com\n  client_id: kx81\n  client_secret: ${s}\n`,
    ),
    one(
      'password in YAML',
      `Tr0ub4dor&${r(4)}9`,
      (s) => `database:\n  host: localhost\n  user: app\n  password: ${s}\n  pool: 5\n`,
    ),
    one(
      'password in JSON',
      `hunter2${r(4)}`,
      (s) => `{"host": "mail.acme.io", "username": "robot", "password": "${s}"}`,
    ),
    one('camelCase key in JSON', r(32), (s) => `{\n  "endpoint": "https://x.acme.io",\n  "apiKey": "${s}"\n}`),
    one('escaped JSON in a log', r(32), (s) => `msg="payload {\\"user\\":\\"x\\",\\"apiKey\\":\\"${s}\\"} rejected"`),
    one(
      'password in TypeScript',
      `S3cure-${r(8)}`,
      (s) => `export const config = {\n  user: 'app',\n  password: '${s}',\n  retries: 3,\n};\n`,
    ),
    one('typed constant', r(40), (s) => `const apiToken: string = "${s}";`),
    one(
      'password in Python',
      `Winter2025!${r(3)}`,
      (s) => `conn = psycopg2.connect(host="db", user="app", password="${s}")`,
    ),
    one('fallback in code', r(32), (s) => `const secret = process.env.SESSION_SECRET || '${s}';`),
    one('fallback in Python', `Qw8${r(9)}`, (s) => `PASSWORD = os.environ.get("DB_PASSWORD", "${s}")`),
    one('PHP array', `x9${r(10)}`, (s) => `'mysql' => ['host' => '127.0.0.1', 'password' => '${s}'],`),
    one('properties file', `pw${r(8)}3`, (s) => `spring.datasource.username=app\nspring.datasource.password=${s}\n`),
    one('INI file', `pw${r(8)}3`, (s) => `[client]\nuser = backup\npassword = ${s}\nhost = db1\n`),
    one('TOML', r(40), (s) => `[registry]\nindex = "https://x"\ntoken = "${s}"\n`),
    one(
      'XML element',
      `pw${r(8)}3`,
      (s) => `<server>\n  <id>nexus</id>\n  <username>ci</username>\n  <password>${s}</password>\n</server>`,
    ),
    one('XML attribute pair', r(32), (s) => `<add key="ApiKey" value="${s}" />`),
    one('Kubernetes env', `pw${r(8)}3!`, (s) => `        env:\n        - name: DB_PASSWORD\n          value: "${s}"\n`),
    one('Kubernetes secret', `${r(23)}=`, (s) => `apiVersion: v1\nkind: Secret\ndata:\n  password: ${s}\n`),
    one(
      'docker compose',
      `pw${r(8)}3`,
      (s) => `    environment:\n      - POSTGRES_USER=app\n      - POSTGRES_PASSWORD=${s}\n`,
    ),
    one('Dockerfile', r(36), (s) => `FROM node:20\nENV API_TOKEN=${s}\nRUN npm ci\n`),
    one(
      'Terraform',
      `pw${r(8)}3#`,
      (s) => `resource "aws_db_instance" "x" {\n  username = "admin"\n  password = "${s}"\n}`,
    ),
    one(
      'connection string',
      `Pa55${r(8)}`,
      (s) => `Server=tcp:acme.database.windows.net,1433;User ID=sa;Password=${s};Encrypt=true;`,
    ),
    one('JDBC', `pw${r(10)}3`, (s) => `jdbc:postgresql://db:5432/app?user=app&password=${s}&ssl=true`),
    one('database URL', `pw${r(10)}3`, (s) => `DATABASE_URL=postgres://app:${s}@db.internal:5432/app?sslmode=require`),
    one(
      'MongoDB URL',
      `pw${r(10)}3`,
      (s) => `mongoose.connect("mongodb+srv://admin:${s}@cluster0.ab1cd.mongodb.net/prod")`,
    ),
    one('Redis URL', r(20), (s) => `REDIS_URL=rediss://:${s}@cache.acme.io:6380/0`),
    one(
      'AMQP URL in a stack trace',
      `pw${r(8)}3`,
      (s) =>
        `Error: connect ECONNREFUSED amqp://svc:${s}@10.0.4.7:5672\n    at TCPConnectWrap.afterConnect (net.js:1141:16)`,
    ),
    one(
      'git remote',
      `gh${'p'}_${r(36)}`,
      (s) => `origin  https://x-access-token:${s}@github.com/acme/app.git (fetch)`,
    ),
    one('basic-auth URL', `pw${r(8)}3`, (s) => `npm config set registry https://ci:${s}@nexus.acme.io/repository/npm/`),
    one('proxy', `pw${r(8)}3`, (s) => `export HTTPS_PROXY=http://jdupont:${s}@proxy.corp.acme.io:3128`),
    one(
      'Authorization header',
      r(40),
      (s) => `> GET /v1/me HTTP/2\n> Host: api.acme.io\n> authorization: Bearer ${s}\n> accept: */*`,
    ),
    one('basic header', Buffer.from(`admin:${r(10)}`).toString('base64'), (s) => `Authorization: Basic ${s}\n`),
    one('token header', r(40, HEX), (s) => `curl -H 'Authorization: Token ${s}' https://host/api/`),
    one('API key header', r(32), (s) => `-H "X-API-Key: ${s}" -H "Accept: application/json"`),
    one('session cookie', `s%3A${r(32, URL64)}.${r(43)}`, (s) => `Cookie: theme=dark; connect.sid=${s}; lang=fi`),
    one('set-cookie', r(26, HEX), (s) => `Set-Cookie: PHPSESSID=${s}; path=/; HttpOnly`),
    one('flag', r(32), (s) => `vercel deploy --prod --token ${s}`),
    one('flag with equals', `pw${r(8)}3!`, (s) => `pg_dump --host=db --username=app --password=${s} app > dump.sql`),
    one('mysql', `pw${r(8)}3`, (s) => `mysql -h db.acme.io -u root -p${s} app < schema.sql`),
    one('curl user', `pw${r(8)}3`, (s) => `curl -u deploy:${s} https://nexus.acme.io/upload -T app.jar`),
    one('sshpass', `pw${r(8)}3`, (s) => `sshpass -p '${s}' ssh root@10.1.2.3`),
    one('PGPASSWORD', `pw${r(8)}3`, (s) => `PGPASSWORD=${s} psql -h db -U app -c 'select 1'`),
    one('docker login', `pw${r(8)}3`, (s) => `docker login -u robot -p ${s} registry.acme.io`),
    one('netrc', `pw${r(8)}3`, (s) => `machine api.heroku.com\n  login robot\n  password ${s}\n`),
    one('pgpass', `pw${r(8)}3`, (s) => `db.acme.io:5432:app:svc:${s}\n`),
    one(
      'npmrc',
      Buffer.from(`ci:${r(16)}`).toString('base64'),
      (s) => `registry=https://nexus.acme.io/\n_auth=${s}\nalways-auth=true\n`,
    ),
    one('npmrc token', r(36), (s) => `//registry.npmjs.org/:_authToken=${s}\n`),
    one(
      'docker config',
      Buffer.from(`robot:${r(16)}`).toString('base64'),
      (s) => `{"auths":{"registry.acme.io":{"auth":"${s}"}}}`,
    ),
    one('SQL user', `pw${r(8)}3`, (s) => `CREATE USER report IDENTIFIED BY '${s}';`),
    one('SQL role', `pw${r(8)}3`, (s) => `ALTER ROLE app WITH PASSWORD '${s}';`),
    one(
      'in prose',
      `Sommer${r(4)}!7`,
      (s) => `Hi, the staging login is deploy and the password is ${s} - please don't share it.`,
    ),
    one('in prose with a colon', `Kesa${r(4)}!7`, (s) => `Testitunnus: maija\nSalasana: ${s}\n`),
    one('key in prose', r(32), (s) => `My API key: ${s}\nStill I get 403 from the endpoint.`),
    one('bcrypt hash', `$2b$12$${r(53)}`, (s) => `INSERT INTO users VALUES (1, 'x', '${s}');`),
    one(
      'Slack webhook',
      `T${r(8, UPPER)}/B${r(8, UPPER)}/${r(24)}`,
      (s) => `SLACK_URL=https://hooks.slack.com/services/${s}\n`,
    ),
    one('Discord webhook', r(68, URL64), (s) => `https://discord.com/api/webhooks/${r(18, '123456789')}/${s}`),
    one('private key', keyLines[5] ?? '', () => `ssh key below\n${keyLines.join('\n')}\nthanks`),
    one('private key in JSON', keyLines[5] ?? '', () =>
      JSON.stringify({ type: 'service_account', private_key: keyLines.join('\n') }),
    ),
    one('private key in one line of .env', keyLines[5] ?? '', () => `PRIVATE_KEY="${keyLines.join('\\n')}"\n`),
    one('private key, quoted', openssh[3] ?? '', () => openssh.map((line) => `> ${line}`).join('\n')),
    one(
      'private key in YAML',
      openssh[3] ?? '',
      () => `ssh:\n  key: |\n${openssh.map((line) => `    ${line}`).join('\n')}\n  user: deploy\n`,
    ),
    one('private key, cut off', keyLines[3] ?? '', () => keyLines.slice(0, 6).join('\n')),
    one(
      'seed phrase',
      'apple lemon river stone cloud tiger music paper train light green window',
      (s) => `mnemonic: "${s}"`,
    ),
    one('Sentry auth', r(64, HEX), (s) => `[auth]\ntoken=${s}\n`),
    one('Django secret', r(50, `${ALNUM}!@#$%^&*(-_=+)`), (s) => `SECRET_KEY = 'django-insecure-${s}'`),
    one('Rails master key', r(32, HEX), (s) => `RAILS_MASTER_KEY=${s} bundle exec rails s`),
    one('GitHub Actions', r(36), (s) => `      - run: deploy\n        env:\n          DEPLOY_TOKEN: ${s}\n`),
    one('Vault old token', `s.${r(23)}9`, (s) => `vault login ${s}\n`),
    one(
      'Basic in code',
      Buffer.from(`svc:${r(14)}`).toString('base64'),
      (s) => `headers: { Authorization: 'Basic ${s}' },`,
    ),
  ];
}

function personal(): Positive[] {
  const one = (what: string, secret: string, text: (secret: string) => string): Positive => ({
    what,
    text: text(secret),
    secrets: [secret],
  });
  return [
    one('email in prose', 'maria.virtanen@example.com', (s) => `Customer ${s} cannot log in since the release.`),
    one('email in a log', 'teemu.korhonen@iki.fi', (s) => `2026-03-01 12:00:01 INFO mail sent to ${s} in 312 ms`),
    one('email in JSON', 'p.okafor+news@outlook.com', (s) => `{"id": 71, "email": "${s}", "active": true}`),
    one('email in SQL', 'sanna_l@gmail.com', (s) => `UPDATE users SET active = 0 WHERE email = '${s}';`),
    one('email in CSV', 'li.wei@protonmail.com', (s) => `id,name,email\n1,Li Wei,${s}\n`),
    one(
      'email in a header',
      'hanna.niemi@helsinki.fi',
      (s) => `From: Hanna Niemi <${s}>\nTo: list\nSubject: Re: build\n`,
    ),
    one('international phone', '+358 40 123 4567', (s) => `Soita numeroon ${s} jos rikki.`),
    one('phone without spaces', '+358401234567', (s) => `{"name":"M","phone":"${s}"}`),
    one('German phone', '+49 30 901820', (s) => `Rückruf bitte unter ${s}.`),
    one('US phone', '(415) 555-0132', (s) => `Call me at ${s} after lunch.`),
    one('US phone, international', '+1 415-555-0132', (s) => `contact: ${s}`),
    one('national phone', '040 123 4567', (s) => `Puhelin: ${s}\nOsoite: Mannerheimintie 1`),
    one('national phone in JSON', '0401234567', (s) => `"phoneNumber": "${s}",`),
    one('phone with dashes', '415-555-0132', (s) => `Phone: ${s}`),
    one('UK phone', '+44 20 7946 0958', (s) => `tel: ${s}`),
    one('card with spaces', '4539 1488 0343 6467', (s) => `He paid with ${s}, exp 12/27.`),
    one('card without spaces', '5555555555554444', (s) => `{"card_number":"${s}","cvc":"123"}`),
    one('card with dashes', '6011-1111-1111-1117', (s) => `card ${s} was declined`),
    one('Amex', '3782 822463 10005', (s) => `Amex ${s}`),
    one('Visa test card', '4111 1111 1111 1111', (s) => `Fails for card ${s} only`),
    one('Finnish IBAN', 'FI21 1234 5600 0007 85', (s) => `Maksu tilille ${s}, viite 123.`),
    one('German IBAN', 'DE89370400440532013000', (s) => `iban: ${s}\nbic: COBADEFFXXX`),
    one('British IBAN', 'GB29 NWBK 6016 1331 9268 19', (s) => `Account ${s}.`),
    one('US SSN', '536-90-4399', (s) => `SSN ${s} appears twice in the export`),
    one('US SSN in JSON', '219-09-9999', (s) => `{"name": "J", "ssn": "${s}"}`),
    one('SSN without dashes', '536904399', (s) => `Social Security Number: ${s}`),
    one('Finnish identity code', '131052-308T', (s) => `Asiakkaan henkilötunnus on ${s}.`),
    one('Finnish identity code, 2000s', '010203A123X'.replace('X', checkOf('010203', '123')), (s) => `hetu=${s}`),
    one('Finnish identity code, new sign', `010594Y902${checkOf('010594', '902')}`, (s) => `{"hetu":"${s}"}`),
  ];
}

function checkOf(date: string, number: string): string {
  return '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(`${date}${number}`) % 31] ?? '';
}

export const POSITIVES: readonly Positive[] = [...tokensInTexts(), ...assigned(), ...personal()];
