/** Asks that cannot be undone: data deleted where it lives, history rewritten, remotes overwritten. Not code that goes. */
import { type Signal, text, words } from './match';

/** What a sentence that orders something begins with; “a button that deletes …” is no order. */
const ORDER =
  "(?:^|[,.;:!?\\n)→>–—-]\\s{0,3}|\\b(?:and|then|just|please|pls|plz|can you|could you|can u|need to|have to|want to|want you to|must|now|let's|finally|also|first|so|or|we should|should|bitte|to be|go ahead and|you can|may|i'd like you to|safely|ops:|chore:|cleanup:)\\s+)(?:just |please |also |now |then |permanently |hard[- ]|completely |safely |force[- ]|quickly |simply ){0,2}";
const DESTROY =
  'delete|drop|remove|wipe|purge|erase|destroy|nuke|truncate|obliterate|kill|get rid of|clear out|clear|empty|flush|scrub|tear down|terminate|decommission|expunge|reset|blow away|throw away|zap|trash|uninstall|deprovision|reap|unpublish|anonymi[sz]e irreversibly|shred|rm';
const STORED =
  'data ?bases?|dbs?|tables?|buckets?|volumes?|pvcs?|namespaces?|clusters?|backups?|snapshots?|stacks?|ind(?:ex|ices|exes)|queues?|topics?|vpcs?|rds|instances?|tenants?|orgs?|accounts?|users?|customers?|patients?|clients?|members?|employees?|records?|rows?|entries|orders?|data|collections?|schemas?|droplets?|vms?|servers?|disks?|partitions?|pods?|deployments?|projects?|images?|artifacts?|mailbox(?:es)?|messages|invoices|payments?|logs|dump|files|everything|all of (?:it|them)|them|it|releases?|tags?|branches|objects|keys|secrets?|certs?|ca\\b|state file|resources|functions|lambdas|environments?|env|site|host|repo(?:sitory)?|tweets|posts|issues|customer data|personal data';
const PLACE =
  '(?:on|from|in|of|at|off|inside|across) (?:(?:the|our|all|my|old|shared|review|both|this|that|their)\\s+){0,3}(?:[\\w-]+[ -]){0,2}(?:prod(?:uction)?|live|staging|stage|demo|dev|test|uat|qa|pre-?prod|sandbox|remote|servers?|cluster|origin|upstream|aws|s3|rds|azure|gcp|gcs|account|registry|host|warehouse|github|gitlab|vault|k8s|kubernetes|npm|nas|vm|db server|machine|box|hetzner|cloudflare|heroku|postgres\\w*|redis|mongo\\w*|elastic\\w*|kafka|clickhouse|snowflake|bigquery|firestore|dynamo\\w*|tenant|crm)\\b';
const ENVIRONMENT = 'prod(?:uction)?|live|staging|stage|demo|uat|qa|pre-?prod|sandbox|remote|real';

const ABOUT =
  /(?:^|\n)\s*(?:q:|how (?:do|can|to|does|should|would)|why|what|when|where|which|is it|is there|does|did|can i|explain|docs?\b|document|\[docs?|add (?:a )?(?:tip|note|section|doc|warning)|tests?\b|test:|spec|unit|write (?:a )?test|changelog|readme|mention|describe)|\b(?:jest|vitest|allowlist|denylist|toy|implement|statements?|injection|parametri[sz]e|fixtures?|mocks?|in-?memory|unit tests?|spec|docstring|jsdoc|readme|changelog|docs? (?:for|about|on)|explain\w*|local(?:host|ly| storage)?|localstorage|sessionstorage|state|props?|dialog|button|modal|menu item|endpoint|when (?:a|the|i|you|we)|if (?:a|the|an)|unused|dead code|imports?|component|css|class(?:es)?|styles?|column (?:header|width)|node_modules|dist\b)\b/iu;
const ASKS_HOW =
  /(?:^|\n)\s*(?:q:|how (?:do|can|to|does|should|would|is)|why|what|when|where|which|is it|is there|does|did|can i|explain|docs?\b|document|\[docs?|add (?:a )?(?:tip|note|section|doc|warning)|mention|describe|write (?:a )?(?:guide|doc))|\b(?:cheat ?sheet|require\w*|my fork|safer|compare link|how do i|tip for|after a force-?push|prevent\w*|forbid\w*|disallow\w*|block\w*|protect\w*|detect\w*|reject\w*|warns?|confirm\w* before)\b/iu;

export const DESTRUCTIONS: readonly Signal[] = [
  {
    reason: 'asks to overwrite what was pushed',
    first: text(
      '\\bforce[- ]?push(?:e[sd]|ing)?\\b|\\bpush(?:ed|ing)?\\b[^.\\n]{0,40}(?:--force(?:-with-lease)?\\b|\\s-f\\b|\\bwith force\\b|\\bby force\\b)|\\bforce (?:it|that|this)(?: to)? (?:upstream|origin|the remote|remote|main|master)|\\b(?:overwrite|clobber|reset)\\b[^.\\n]{0,30}\\b(?:remote|origin|upstream|master|main)\\b(?! (?:layout|config|thread|menu|page|branch name))|\\bpush\\b[^.\\n]{0,30}\\+(?:main|master|HEAD)\\b|\\bgit push\\b[^.\\n]{0,40}(?:--delete|--mirror|\\s:[\\w/-]+)',
    ),
    unless: ASKS_HOW,
  },
  {
    reason: 'asks to rewrite history',
    first: words(
      'rewrite|rewrites|purge|scrub|wipe|clean|remove|erase|strip|squash|overwrite|drop|filter|expunge|clear|delete|get rid of|throw away|take out|bfg|cut|excise|nuke|kill|out of',
    ),
    near: words(
      "(?:the |our |whole |entire |full |its |all )*(?:git|repo|commit|reachable|version|branch|main's|master's|api repo|project) history|from (?:the )?history|out of (?:the )?history|history rewrite|(?:the )?history (?:of|and) (?:the )?(?:repo|force)",
    ),
    within: 70,
    unless: ASKS_HOW,
  },
  {
    reason: 'asks to rewrite history',
    first: text(
      '\\bgit[- ](?:filter-branch|filter-repo)\\b|\\bfilter-repo --|\\bbfg\\b[^.\\n]{0,40}(?:--|repo|history)|\\bhistory rewrite\\b|\\breflog expire\\b|\\bgit (?:gc --prune=now|update-ref -d)|\\bsvn(?:admin)?:? obliterate|\\borphan branch\\b[^.\\n]{0,60}\\b(?:force|push)|\\breset --hard\\b[^.\\n]{0,80}\\b(?:push|force|upstream)',
    ),
    unless: ASKS_HOW,
  },
  {
    reason: 'runs a command that deletes for good',
    first: text(
      '\\brm -(?:rf|fr|r -f)\\b(?! (?:\\.?/?)?(?:dist|build|node_modules|out|target|coverage|tmp|\\.cache|\\.next))|\\b(?:drop|DROP) (?:table|database|schema|keyspace)\\s+(?:if exists )?[`"\\w]|\\bdb:(?:drop|reset|purge)\\b|\\bmigrate:?(?: reset|:fresh)\\b|\\bprisma migrate reset\\b|\\bterraform (?:apply -)?destroy\\b|\\b(?:kubectl|k|oc) delete\\b|\\bk drop\\b|\\bhelm (?:uninstall|delete)\\b|\\baz \\w+ delete\\b|\\baws s3 (?:rb|rm)\\b|\\baws \\S+ (?:delete|terminate)-\\w+|\\bgcloud\\b[^.\\n]{0,40}\\bdelete\\b|\\bgh (?:release|repo|secret) delete\\b|\\bnpm unpublish\\b|\\bdocker (?:system prune|volume (?:rm|prune))\\b|\\bgit clean -\\w*f|\\bgit branch -D\\b|\\bdd if=\\S+ of=/dev/|\\bmkfs\\b|\\bdropdb\\b|\\bzfs destroy\\b|\\blvremove\\b|\\bDELETE FROM \\w+(?=[^\\n]{0,80}(?:prod|live|staging|;))|\\bwipefs\\b|\\bredis-cli\\b[^.\\n]{0,20}\\bflush',
    ),
    unless: ABOUT,
  },
  {
    reason: 'runs a command that deletes for good',
    // With regard to case: titles are truncated too.
    first: /\b(?:TRUNCATE(?: TABLE)? \w|FLUSH(?:ALL|DB)\b)/gu,
    unless: ABOUT,
  },
  {
    reason: 'asks to delete data where it lives',
    first: text(`${ORDER}(?:${DESTROY})(?![\\p{L}\\p{N}_])(?:\\s+\\S+){0,6}?\\s+(?:${STORED})(?![\\p{L}\\p{N}_])`),
    near: text(`(?<![\\p{L}\\p{N}_])(?:${PLACE})`),
    within: 50,
    unless: ABOUT,
  },
  {
    reason: 'asks to delete data where it lives',
    first: text(
      `${ORDER}(?:${DESTROY})(?:\\s+(?:the|all|our|old|whole|entire|every|any|that|this|both|unused|complete)){0,4}\\s+(?:[\\w"\`-]+\\s+){0,2}?(?:${ENVIRONMENT})(?:\\s+(?:and|or|env\\w*))?(?=\\s*(?:$|[.,;!]|\\s(?:db|data\\w*|cluster|tables?|bucket|env\\w*|server|stack|namespace|instance|site|users?|customers?|records?|orders?|rows?|branch\\w*|environment)))`,
    ),
    unless: ABOUT,
  },
  {
    reason: 'asks to delete data where it lives',
    first: text(
      `${ORDER}(?:delete|drop|remove|wipe|purge|erase|destroy|nuke|truncate|clear out|empty|get rid of|kill|obliterate|tear down|terminate|decommission)(?:\\s+(?:the|all|our|every|any|of|those|these|his|her|their|my|whole|entire|unused|stale|merged|expired|old|older|remote|inactive|test|tmp|temp|dead|orphan\\w*|legacy|existing)){1,5}\\s+(?:[\\w\`"'-]+\\s+){0,2}?(?:databases?|dbs?|backups?|snapshots?|s3 buckets?|buckets?|remote branches|branches|namespaces?|clusters?|vpcs?|accounts|mailbox(?:es)?|tags|releases|customers?|patients?|volumes|pvcs?|personal data|customer data|user data|indices|kafka topics?|iam users?|ec2 instances?|droplets?|vms|resource groups?|repos(?:itories)?|github repo)(?![\\p{L}\\p{N}_-])`,
    ),
    unless: ABOUT,
  },
  {
    reason: 'asks to delete data for good',
    first: text(`${ORDER}(?:${DESTROY})(?![\\p{L}\\p{N}_])`),
    near: words(
      'permanently|irrevocabl[ey]|irreversibl[ey]|for good|forever|without (?:a )?backups?|no backups?|incl(?:uding|\\.)? (?:the )?(?:backups?|all (?:its )?(?:revisions|versions))|beyond recovery|unrecoverabl[ey]|--skip-backup',
    ),
    within: 80,
    unless: ABOUT,
  },
  {
    reason: 'asks to erase the data of a person',
    first: words(
      'article 17|art\\.? ?17|right to (?:erasure|be forgotten) request|(?:erasure|deletion|gdpr|dsgvo|forget[- ]me) (?:request|deletion)|gdpr deletion|(?:asked|wants?|requested|request) to be (?:forgotten|erased|deleted)|legal hold lifted',
    ),
    near: words(
      'erase|delete|deletion|wipe|remove|purge|gone|expunge|forgotten|l(?:ö|oe)sch\\w*|entfernen|for these|erased',
    ),
    within: 140,
    unless:
      /\b(?:implement\w*|feature|endpoint|page|button|self[- ]service|users? (?:can|themselves)|let (?:them|users)|from the ui|api for|document|explain|how (?:do|should))\b/iu,
  },
  {
    reason: 'asks to erase the data of a person',
    first: text(
      `${ORDER}(?:delete|erase|wipe|purge|expunge)\\s+(?:all\\s+)?(?:(?:of|the|my|his|her|their|every|personal)\\s+){1,3}(?:personal |user )?(?:data|records?|rows?|account|information)(?![\\p{L}\\p{N}_])(?=[\\s\\S]{0,80}(?:\\b(?:prod|live|now|confirm|today|everywhere|account|ids?|including|incl)\\b|$))`,
    ),
    unless:
      /\b(?:implement\w*|feature|endpoint|page|button|self[- ]service|users? (?:can|should)|let (?:them|users)|ui|api|document|explain|how (?:do|should)|option|when|setting|test|state|form|cache|table component)\b/iu,
  },
];
