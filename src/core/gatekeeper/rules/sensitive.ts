/** How sensitive a task is by what it names: secrets and records as such, or the code that deals with them. */
import { type Signal, text, words, wordsOfAny } from './match';

const SHOWS_LOOK =
  /\b(?:tokenizer|tokeni[sz]e\w*|design[- ]tokens?|css|pixels?|\d*px|align\w*|centered|padding|margin|typo|wording|copy change|label|placeholder|icon|tooltip|look-?alike|fake|dummy|faker|example|mock\w*|lorem|card component|key prop|react key|primary key|foreign key|game|trello|flash ?cards?|guess the secret|secret santa|bluetooth|simulat\w*|sample data)\b/iu;
const SECRET_WORDS =
  'passwords?|passwd|credentials?|secrets?|private keys?|api[ _-]?keys?|access[ _-]?(?:keys?|tokens?)|bearer tokens?|auth tokens?|ssh keys?|signing keys?|master key|keystore passwords?|connection strings?|passphrases?|recovery codes?|service account keys?';
const PEOPLE =
  'customers?|clients?|patients?|users?|employees?|members?|guests?|citizens?|tenants?|students?|pupils?|residents?|subscribers?|donors?|cardholders?|applicants?|policyholders?|voters?';
const RECORDS =
  'phone numbers?|addresses|birth ?dates?|dates? of birth|birthdays?|ibans?|bank (?:account|details)\\w*|card numbers?|credit cards?|salar(?:y|ies)|ssns?|social security\\w*|passports?|diagnos\\w+|medication|insurance numbers?|medical (?:records?|data|history)|health (?:records?|data)|personal (?:data|records?|information|details)|lab results|tax ids?|identity cards?|payslips?|salary slips?|contact (?:data|details)|purchase history|location history';

export const HIGH: readonly Signal[] = [
  {
    reason: 'has or shows secrets',
    first: words(SECRET_WORDS),
    near: words(
      '(?:is|are|was|=|:|ends? up|visible|readable|shown|shows|leak\\w*|printed|logged|written|exposed|in (?:the |our |its )?(?:logs?|plain ?text|plain|clear|clear text|repo|url|git|code|source|bundle|image|state|response|json)|hard-?coded|committed|plain ?text|unmasked|stolen|as plain text)',
    ),
    within: 24,
    unless: SHOWS_LOOK,
  },
  {
    reason: 'has or shows secrets',
    first: words(
      'leak\\w*|exposes?|exposed|prints?|logs?|logging|writes?|shows?|reveals?|dumps?|committed|hard-?coded|returns?|gives? away|contains?|plain ?text|stores?',
    ),
    near: words(
      `(?:the |our |all |real |live |db |admin |root |user |their |access tokens and |tokens and )*(?:${SECRET_WORDS})`,
    ),
    within: 24,
    unless:
      /\b(?:tokenizer|design[- ]tokens?|component|page|field|hash\w*|salted|dummy|fake|mock\w*|typo|vault path|no values|don't|without|never|docs? (?:for|on|about)|how (?:do|does)|manager|reset|secrets? (?:engine|backend|manager|store|sync))\b/iu,
  },
  {
    reason: 'names secrets that are in use',
    first: words(
      "(?:prod(?:uction)?|live|real|actual|admin|root|current|database|db|our|my|his|her|customer'?s?|stripe|payment|aws|github|deploy|smtp|sudo|leaked|master|service)(?:'s)?(?: \\w+)? (?:passwords?|credentials?|creds|secrets?|api keys?|private keys?|access keys?|access tokens?|signing keys?|keystore|login data|secret keys?)",
    ),
    unless:
      /\b(?:tokenizer|design[- ]tokens?|component|hash\w*|reset (?:page|flow|form|email|mail)|strength|field|form|policy|page|length|validat\w*|rotat\w*|schema|tests? for|docs? for|manager|backend|engine|input|expir\w*|alignment|mismatch|fake|dummy|without)\b/iu,
  },
  {
    reason: 'holds a password or key',
    first: text(
      '\\b(?:password|passwd|pwd|passphrase|secret|api[ _-]?key|token|pin)s?\\s{0,2}(?:is|=|:|==)\\s{0,2}["\'`]?(?=[^\\s"\'`]{0,60}[\\d!@#$%&*])(?![a-z]+[.(]|null|none|true|false|undefined|\\{|\\$|<|process\\.|os\\.)[^\\s"\'`,;]{5,}|\\b(?:username|user) \\w{2,20}\\s{1,3}(?:and )?password \\w{3,20}\\b(?! (?:field|reset|page|input))|\\b[A-Z][A-Z0-9_]{0,30}(?:PASS(?:WORD)?|SECRET|TOKEN|API_KEY|ACCESS_KEY|_PW)\\s{0,1}[=:]\\s{0,1}(?!\\$|\\{|<|"?\\s|\\*|xxx|process|your|null)[^\\s]{4,}',
    ),
  },
  {
    reason: 'names a token or key as it is written',
    first: text(
      '(?<![\\w/])(?:ghp|gho|ghs|github_pat|glpat|xox[abp]|sk_live|rk_live|sk-proj|npm|hvs|dop_v1)[_-][\\w-]{8,}|\\b(?:AKIA|ASIA)[A-Z0-9]{10,}|\\bAIza[\\w-]{20,}|\\beyJ[\\w-]{10,}\\.eyJ|-----BEGIN [A-Z ]{0,20}PRIVATE KEY|\\bSG\\.[\\w-]{8,}',
    ),
  },
  {
    reason: 'names personal or payment records',
    first: words(
      `(?:(?:real|live|all|our|the|every|other|another)\\s+){0,2}(?:${PEOPLE})(?:'s?|s')?[ _-](?:data|records?|files?|charts?|lists?|exports?|dumps?|rows?|tables?|pii|e-?mails?|documents|database|emails and \\w+|names?|histor(?:y|ies)|${RECORDS})`,
    ),
    unless:
      /\b(?:tokenizer|component|mock\w*|fake|dummy|faker|synthetic|user (?:names?|files?|tables?|lists?|documents?|histor\w+|emails?) (?:field|page|component|column|header|prop|state|model|icon)|alignment|css|client (?:data|files?|names?|lists?|tables?|rows?)|user (?:lists?|names?|tables?|files?|rows?|histor\w+|data)|users? (?:table|list|documents?)|members? (?:lists?|names?|tables?|files?|data)|guest (?:lists?|names?)|tenant (?:names?|lists?|data|tables?|records?))\b/iu,
  },
  {
    reason: 'names personal or payment records',
    first: words(
      `(?:real|actual|live|production|prod|another|other|all|export\\w*|import\\w*|leak\\w*|someone else's|strangers?'?)(?:\\s+\\S+){0,3}?\\s+(?:${PEOPLE})(?:'s?|s')?(?:\\s+\\S+){0,2}?\\s+(?:data|records?|names?|e-?mails?|invoices|documents|accounts|orders|${RECORDS})`,
    ),
    unless: /\b(?:mock\w*|fake|dummy|faker|synthetic|css|component)\b/iu,
  },
  {
    reason: 'names personal or payment records',
    first: words(
      "patient(?:'s)? (?:data|records?|files?|names?|charts?|database|search|identifiers?|list)|(?:credit[- ]?card|cardholder|payment card|pan) (?:data|numbers?|details|records?)|medical records?|health records?|personnel files?|payroll (?:data|file|run|export)|(?:salary|insurance) (?:data|records?|file|slips?)|social security numbers?|ssns|passport scans?|personal (?:data|records?|information) of|date of birth and|payment records?|customer(?:'s|s'|s)? (?:records?|data|database|export|bank details|dump|ibans?)|user data and",
    ),
    unless:
      /\b(?:mock\w*|fake|dummy|faker|synthetic|css|component|formatt\w*|validat\w*|regex|luhn|mask\w* of|privacy (?:page|policy)|input|generator)\b/iu,
  },
  {
    reason: 'names production data',
    first: words(
      '(?:prod(?:uction)?|live)(?:uction)?[ _-](?:data(?:base)?s?|db|dumps?|backups?|records?|tables?|rows|snapshot|postgres|mysql|mongo|replica|users?|customers?|orders|payments?)',
    ),
    unless:
      /\b(?:live data (?:binding|updates?|class|observer|feed|stream)|livedata|chart|ticker|production database (?:config|settings|url) (?:class|file)|never|without)\b/iu,
  },
];

export const MEDIUM: readonly Signal[] = [
  {
    reason: 'touches security-relevant code',
    first: words(
      'oauth2?|oidc|saml|jwts?|rbac|2fa|mfa|totp|webauthn|passkeys?|csrf|x\\.?509|pki|tls|ssl|mtls|hmac|libsodium|bcrypt|argon2|aes|rsa|ecdsa|encrypt(?:s|ed|ion|ing)?|decrypt(?:s|ed|ion|ing)?|crypto(?:graphy|graphic)?|authenticat(?:e|es|ion|or)|authori[sz]ation|access control|permissions? (?:check|model|system|object)s?|privilege escalation|sso|ldap|kerberos|session (?:cookie|fixation|token)s?|refresh tokens?|reset tokens?|password reset|password (?:hash\\w*|policy|strength)|login (?:flow|throttl\\w*|loop|attempts?|endpoint)|log ?in with|sign(?:ed|ing) (?:url|cookie|request|certificate)s?|csp header|cors',
    ),
    unless:
      /(?:^|\n)\s*(?:docs?: (?:fix|typo)|doc: fix)|\b(?:css|px|align\w*|center\w*|padding|margin|colou?r|logo|icon|typo|docs? (?:link|typo)|storybook|prettier|rename (?:the )?variable|spelling|backticks|cryptocurrency|crypto (?:price|coin|ticker|portfolio)|sourcemap|403 page|animation)\b/iu,
  },
  {
    reason: 'touches payments, audit or privacy',
    first: words(
      'payments?|payouts?|refunds?|stripe|paypal|adyen|iban|sepa|ledger|invoic(?:e|es|ing)|billing|chargebacks?|card numbers?|pci|audit (?:log|trail|row|record|event)s?|gdpr|dsgvo|hipaa|kyc|aml|data protection|privacy|consent|right to be forgotten|anonymi[sz]\\w+|pseudonymi[sz]\\w+|double[- ]entry',
    ),
    unless:
      /\b(?:css|px|align\w*|center\w*|padding|margin|colou?r|logo|icon|typo|animation|stripe(?:d|s) (?:rows?|table|background)|photo credits|npm audit|seo audit|lighthouse|link to|footer|storybook|split|rounding|cent)\b/iu,
  },
  {
    reason: 'touches a database schema',
    first: words(
      '(?:database|db|sql|schema|alembic|django|flyway|liquibase|knex|prisma|rails|ef|sequelize) migrations?|(?:write|add|create|squash|run|roll back) (?:a |the |all )?(?:\\d+ )?(?:\\w+ )?migrations?|migrations? (?:that|to|which|for|adding)|database schema|db schema|alter table|foreign key constraint|not null column|add (?:a )?column to',
    ),
    unless: /\b(?:migration guide|typescript migration|migrate to|graphql schema|json schema|zod|docs?)\b/iu,
  },
  {
    reason: 'names production or internal infrastructure',
    first: words(
      '(?:on|in|to|from|against) (?:prod|production)|prod (?:cluster|server|host|namespace|deploy\\w*|db)|production (?:server|cluster|host|environment|deployment)|bastion|jump host|vpn|firewall|kubectl|internal (?:hosts?|ips?|dns|network)|staging (?:cluster|server|db|database)',
    ),
    unless:
      /\b(?:production (?:mode|build|bundle)|in production (?:mode|builds?)|css|webpack|vite|minif\w*|source ?maps?|docs?|readme)\b/iu,
  },
];

/** The same in other languages: the words for secrets and for records of people. */
export const HIGH_ELSEWHERE: readonly Signal[] = [
  {
    reason: 'names secrets',
    first: wordsOfAny(
      'zugangsdaten|passwörter|mots de passe|contraseñas|senhas|salasanat|lösenorden|wachtwoorden|hasła|пароли|паролі|şifreleri|db-passwort|admin-?passwort',
    ),
  },
  {
    reason: 'names personal or payment records',
    first: wordsOfAny(
      'patientendaten\\w*|patientenakten?|kundendaten\\w*|kundendatensätze|personaldaten|gehaltsdaten|données (?:personnelles|clients?|des patients?|bancaires)|datos (?:personales|de (?:los )?(?:clientes|pacientes)|bancarios)|dados (?:pessoais|d(?:os|e) (?:clientes|pacientes))|dati (?:personali|dei (?:clienti|pazienti))|asiakastie(?:dot|toja|doista|tojen)|potilastie(?:dot|toja|doista|tojen)|henkilötunnu\\w+|kunduppgifter|personuppgifter|patientuppgifter|klantgegevens|patiëntgegevens|persoonsgegevens|dane (?:klientów|pacjentów|osobowe)|персональн\\w+ данн\\w+|данн\\w+ (?:клиентов|пациентов)|персональн\\w+ дан\\w+|müşteri (?:verileri|listesi|kayıtları)',
    ),
  },
  {
    reason: 'names production data',
    first: wordsOfAny(
      'produktionsdaten\\w*|produktionsdatenbank|tuotantokan\\w+|base de (?:production|prod)|base de datos de producci(?:ó|o)n|banco de produ(?:ç|c)(?:ã|a)o|productiedatabase|боев\\w+ баз\\w+|продов\\w+ баз\\w+|бойов\\w+ баз\\w+',
    ),
  },
  {
    reason: 'names secrets or personal records',
    first: text(
      '(?:身份证号|客户数据|客户的(?:身份证|手机号|资料)|患者(?:数据|信息|記録)|用户隐私|生产库|顧客(?:データ|情報|テーブル)|個人情報|患者データ|本番(?:DB|データ)|개인정보|고객 ?(?:정보|데이터)|환자 ?(?:정보|기록)|운영 ?DB|سجلات المرضى|بيانات العملاء|كلمات المرور)',
    ),
  },
];
