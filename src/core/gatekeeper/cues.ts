/**
 * What a person would look at first in a task: shapes, openings, and words of a field. Features of the local model, not
 * rules: what each is worth is learnt. New cues are added at the end, for the weights know a cue by its place.
 */

const OPENING = String.raw`^\s*(?:(?:please|pls|plz|hi|hey|hello|ok|so|also|and|now|then|no|yes|q)\b[\s,:!-]*)*`;
const opens = (words: string): RegExp => new RegExp(`${OPENING}(?:[[\\w./ -]{1,40}[\\]:]\\s*)?(?:${words})\\b`, 'iu');
const has = (words: string): RegExp => new RegExp(`\\b(?:${words})\\b`, 'iu');

const SHAPES: readonly RegExp[] = [
  /\?\s*$/u,
  /\?/u,
  /^\s*\[[^\]]{2,40}\]/u,
  /^\s*[\w./-]{2,30}(?:\([^)]{1,30}\))?!?: /u,
  /^\s*[\w-]{1,40}\/[\w/.-]{1,60}: /u,
  /^\s*\p{Lu}/u,
  /^\s*\p{Ll}/u,
  /[.!]\s*$/u,
  /```/u,
  /`[^`\n]+`/u,
  /^\s*[-*•] /mu,
  /^\s*\(?\d+[.)] /mu,
  /https?:\/\//iu,
  /\w@[\w-]{1,60}\.\w/u,
  /^\s+at \S+|Traceback \(most|File "[^"\n]+", line \d|panicked at|Exception in thread|^Caused by:/mu,
  /(?:Error|Exception|Warning)\b|\b(?:SIGSEGV|ENOENT|EACCES|ECONNREFUSED|NaN|undefined)\b|\berror [A-Z]{1,3}\d{3,5}\b/u,
  /(?:^|\s)--?[a-z]/u,
  /\b[A-Z][A-Z0-9]{0,30}_[A-Z0-9]/u,
  /\bv?\d+\.\d+(?:\.\d+)?\b/u,
  /\b[A-Z]{2,6}-\d+\b|#\d+\b/u,
  /\b(?:401|403|404|409|413|422|429|500|502|503|504)\b/u,
  /\w\.(?:tsx|jsx|vue|svelte|s?css|less|html)\b/iu,
  /\w\.(?:py|go|rs|java|kt|rb|php|cs|c|cc|cpp|h|ex|sql|scala|pl)\b/iu,
  /\w(?:[._-](?:test|spec)\.\w|_test\.\w)|\btest_\w/iu,
  /\b(?:README|CHANGELOG|CONTRIBUTING|LICENSE|SECURITY)\b|\w\.(?:md|rst|adoc|mdx)\b/u,
  /\b(?:Dockerfile|Makefile|Jenkinsfile|Gemfile|Cargo\.toml|pom\.xml|package\.json|pyproject\.toml|tsconfig)|\w\.(?:ya?ml|toml|lock|gradle|ini|cfg|nix)\b|\.git(?:ignore|attributes)\b/u,
  /\w\(\)|\w\.\w{1,60}\(/u,
  /->|=>|→/u,
  /\bvs\.?\b/iu,
  /…|\.\.\.$/u,
  /!{2,}|\b[A-Z]{4,20}\b[^\n]{1,60}\b[A-Z]{4,20}\b/u,
  /<!--|^\s*(?:system|assistant|user)\s*:|\[\/?(?:INST|SYSTEM)\]|<\|?\/?(?:system|im_start|instructions?)/imu,
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u,
  /\p{Script=Cyrillic}|\p{Script=Greek}/u,
  /\p{Script=Arabic}|\p{Script=Hebrew}|\p{Script=Devanagari}|\p{Script=Thai}/u,
  /[äöüßéèêàâçñáíóúãõåøæœłśżčšžğış]/iu,
  /(?:sk|pk|rk|ghp|gho|xox[bp]|AKIA|AIza|glpat)[-_A-Za-z0-9]{8,}|-----BEGIN|eyJ[\w-]{10,}/u,
  /\b(?:\d[ -]?){13,19}\b|\b\d{3}-\d{2}-\d{4}\b|\b\d{6}[-+A]\d{3}[\dA-Z]\b|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,}/u,
];

const OPENINGS: readonly RegExp[] = [
  opens("what(?:'s|s)?|why|how|where|when|who|which|whose"),
  opens('is|are|was|were|does|do|did|has|have|should|will|am|may'),
  opens('(?:can|could|would|will) (?:you|u|we)'),
  opens('(?:can|could|may) i|is it|is there|are there|any(?:one|body)?'),
  opens(
    'explain|tell me|show|describe|compare|walk me|summari[sz]e|review|check|analy[sz]e|investigate|find|look|list|understand|give',
  ),
  opens('add|create|implement|support|allow|introduce|enable|provide|make|build|show|expose|offer|let|new'),
  opens('added|adds|adding|implemented|introduced|allowed|support for|ability to|option'),
  opens("fix|resolve|repair|correct|handle|prevent|avoid|ensure|stop|don'?t|do not"),
  opens('fixed|fixes|fixing|corrected|resolved|bug|issue|problem|regression|crash|error|wrong'),
  opens(
    'refactor|rename|extract|clean ?up|simplify|move|split|convert|replace|reduce|inline|deduplicate|use|reuse|restructure|tidy|port|rewrite|optimi[sz]e|speed|improve',
  ),
  opens('refactored|renamed|moved|replaced|cleaned|simplified|removed|converted|reworked'),
  opens('remove|delete|drop|get rid|kill|strip|discard|erase|wipe|purge|clear|truncate|destroy|nuke'),
  opens('update|upgrade|bump|pin|downgrade|switch|migrate|install|configure|set ?up|disable|turn|change'),
  opens(
    'deploy|release|publish|push|tag|merge|restart|roll ?back|rollout|ship|scale|stop|start|run|revoke|rotate|restore|close|cherry-pick|rebase|commit|ssh|promote|provision|drain',
  ),
  opens('document|doc|docs|write|comment|clarify|mention|note|jsdoc|readme|docstring'),
  opens('test|tests|unit|e2e|cover|spec|rspec|pytest|jest|playwright|cypress|mock|property'),
  opens('build|ci|chore|deps|dependencies|docker|eslint|webpack|helm|lint|tools?|makefile|cmake'),
  opens(
    'ignore|forget|disregard|override|bypass|skip|pretend|act|you are|from now|new instructions|important|urgent|attention|as (?:the|an?) (?:admin|owner|ceo|cto)',
  ),
  opens('feat|feature'),
  opens('perf|refactor|style'),
  opens('i|we|my|our|it|there|the|this|that|when|if|after'),
  opens("i(?:'d| would)? (?:want|like|need|wish)|we (?:want|need)|would be (?:nice|great|cool)|it'd be"),
];

const FIELDS: readonly RegExp[] = [
  has("does ?n[o']t|do not|don't|won't|not work\\w*|isn't|aren't|never|no longer|can'?t|cannot|fails?|failing|failed"),
  has(
    'wrong\\w*|incorrect\\w*|broken|crash\\w*|bug\\w*|hangs?|stuck|freezes?|leaks?|missing|blank|duplicates?d?|garbled|off by',
  ),
  has("instead of|should be|should not|shouldn't|expected|actual|but|even though|although|still|again|since"),
  has(
    'would be|wish|want|like to|able to|allow\\w*|support|option|toggle|button|setting|ability|so that|as an? (?:user|admin)',
  ),
  has(
    'refactor\\w*|rename\\w*|extract|clean ?up|simplif\\w*|dead code|unused|duplicat\\w*|legacy|readab\\w*|same behaviou?r|no functional|deprecated|tech debt|typed?|types|slow|faster|performance',
  ),
  has(
    'tests?|specs?|coverage|jest|vitest|pytest|playwright|cypress|mocha|e2e|asserts?|assertions?|mocks?|stubs?|fixtures?|snapshots?|flaky|suite|unit tests?|storybook',
  ),
  has(
    'docs?|documentation|readme|changelog|jsdoc|docstrings?|comments?|guide|tutorial|wiki|manual|release notes|faq|typos?|examples?|docblock|godoc|javadoc',
  ),
  has(
    'ci|pipeline|docker\\w*|workflow|github actions?|gitlab|jenkins|lint\\w*|eslint|prettier|webpack|vite|babel|gradle|maven|npm|yarn|pnpm|pip|cargo|cmake|makefile|dependenc\\w*|lockfile|package|packaging|compil\\w*|bundle\\w*|config\\w*|tsconfig|terraform|helm|ansible|k8s|kubernetes|nix|image',
  ),
  has(
    'deploy\\w*|releas\\w*|publish|staging|production|prod|live|server|cluster|vm|host|rollback|roll back|restart|tag|push|merge|force[- ]push|origin|main|master|branch|backup|restore|dns|namespace|pod|bucket',
  ),
  has(
    "don'?t (?:change|touch|edit|fix)|do not (?:change|touch|edit|modify)|no (?:edits?|changes?|code)|just (?:explain|tell|curious)|without chang\\w+|only explain",
  ),
  has('prod|production|live'),
  has('staging|stage|demo|dev|test|qa|uat|sandbox|local|fixture|scratch'),
  has(
    'passwords?|passwd|credentials?|secrets?|private keys?|api[ _-]?keys?|access[ _-]?keys?|tokens?|\\.env|certificates?|certs?|ssh|keystore|vault|connection string',
  ),
  has(
    'customers?|patients?|users?|employees?|personal|pii|gdpr|card|cards|iban|ssn|emails?|addresses|phone|salary|salaries|medical|health|records?|payment|payroll|tax',
  ),
  has(
    'auth\\w*|login|log ?in|sign ?in|sign ?up|oauth\\w*|sso|saml|jwt|sessions?|roles?|permissions?|rbac|acl|2fa|totp|mfa|csrf|cors|tenant',
  ),
  has('crypto\\w*|encrypt\\w*|decrypt\\w*|cipher|hash\\w*|hmac|signature|tls|ssl|x509|pki|certificates?|aes|rsa'),
  has(
    'payments?|billing|invoices?|refunds?|checkout|stripe|paypal|subscription|price|pricing|vat|ledger|bank\\w*|transactions?',
  ),
  has('migrations?|schema|alter table|columns?|tables?|foreign key|index|database|db|postgres\\w*|mysql|mongo\\w*|sql'),
  has('audit|privacy|gdpr|hipaa|pci|compliance|consent|security|vulnerab\\w*|xss|injection|sanitiz\\w*|rate limit\\w*'),
  has(
    'delete[sd]?|deleting|remove[sd]?|removing|drop|dropped|wipe\\w*|purge\\w*|erase\\w*|truncate|destroy|nuke|rm|scrub|rewrite|overwrite|reset|uninstall|unpublish|clear',
  ),
  has(
    'force|hard|permanently|irrevocabl\\w*|for good|forever|everything|all of (?:it|them)|history|--force|-rf|without backup|cascade',
  ),
  has(
    'send|post|upload|email|e-mail|mail|curl|wget|forward|share|copy|export|exfiltrat\\w*|transmit|report|dump|paste|webhook|slack|telegram|discord|pastebin|gist|scp|rsync|dropbox',
  ),
  has('print|show|reveal|display|output|repeat|list|give|tell|read|cat|echo|leak|disclose'),
  has(
    'system prompt|instructions?|your (?:rules|prompt|configuration|environment|training)|environment variables?|env vars?|printenv|/etc/passwd|id_rsa|\\.aws|\\.ssh|history',
  ),
  has(
    "ignore|disregard|forget|bypass|skip|override|circumvent|disable|turn off|without (?:asking|approval|review|permission|waiting)|no need to|don'?t (?:ask|tell|wait)|--no-verify|pretend|act as|jailbreak|unrestricted|no restrictions|hypothetically|developer mode|dan",
  ),
  has(
    'approvals?|reviews?|reviewers?|checks?|guard\\w*|policy|policies|rules?|safety|hooks?|branch protection|confirmation|permission|restrictions?|sign-?off|gate|freeze|protocols?|filters?|scanner',
  ),
  has(
    "(?:i'?m|i am|this is|as) (?:the|an?|your) (?:ceo|cto|admin\\w*|owner|operator|developer|maintainer|boss|root|manager|lead)|authori[sz]ed|verified|on behalf",
  ),
  has(
    'button|css|modal|page|screen|form|component|react|vue|angular|svelte|ui|layout|dark mode|mobile|ios|android|safari|chrome|firefox|click\\w*|hover|scroll\\w*|tooltip|dropdown|menu|sidebar|icon|font|color|theme|a11y|aria|render\\w*|browser|dialog|chart|table|input|props?|hook|tailwind|flutter|swiftui|canvas|animation',
  ),
  has(
    'api|endpoint|server|backend|query|queries|database|sql|postgres|redis|kafka|queue|worker|cron|django|flask|rails|spring|laravel|express|nestjs|grpc|graphql|cli|parser|library|module|daemon|socket|thread|memory|service|go|rust|python|java|php|ruby|kernel|linux|bash|shell|http|json|csv|regex|cache',
  ),
  has('it|this|that|thing|stuff|something|same|again|there|them'),
  has('thanks|thank you|please|pls|plz|could you|would you'),
  has('first|then|finally|after that|also|and then|plus'),
  has('rewrite history|filter-branch|filter-repo|bfg|reflog|force-with-lease|git history|from history'),
];

const WORD_STEPS = [2, 4, 7, 12, 20, 40, 80] as const;
const LINE_STEPS = [1, 3, 8] as const;

const PATTERNS = [...SHAPES, ...OPENINGS, ...FIELDS];

/** How many cues there are. */
export const CUES = WORD_STEPS.length + 1 + LINE_STEPS.length + 1 + PATTERNS.length;

/** The cues of a text, each below `CUES`; `words` is how many words it has. At least two: its length counts as one. */
export function cuesOf(text: string, words: number): number[] {
  const lines = text.split('\n').length;
  const cues = [WORD_STEPS.filter((step) => words > step).length];
  const lineCue = WORD_STEPS.length + 1 + LINE_STEPS.filter((step) => lines > step).length;
  cues.push(lineCue);
  const from = WORD_STEPS.length + 1 + LINE_STEPS.length + 1;
  for (const [i, pattern] of PATTERNS.entries()) if (pattern.test(text)) cues.push(from + i);
  return cues;
}
