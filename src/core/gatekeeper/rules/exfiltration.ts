/** Phrases that send local data elsewhere, or that have secrets, the environment or instructions shown. */
import { type Signal, text, words } from './match';

const SEND =
  'send|sends|sending|post|posts|upload|uploads|e-?mail|mail|mails|forward|transmit|transfer|exfiltrate|beacon|ship|push|copy|attach|share|publish|leak|curl|curls|wget|scp|rsync|paste|tar|sync|export|report|append|put|give|deliver|bcc|stream|pipe|submit|fax|text|dump|pg_dump|mysqldump|move';
const SECRETS =
  '\\.env(?:\\.\\w+)?|env(?:ironment)?[ -]?var(?:iable)?s?|process\\.env|os\\.environ|`env`|printenv|the env(?:ironment)?|secrets?(?:\\.ya?ml|\\.json)?|credentials?(?:\\.\\w+)?|creds|ssh[ -]keys?|private keys?|api[ _-]?keys?|access[ _-]?(?:keys?|tokens?)|signing keys?|id_(?:rsa|ed25519)|passwords?|passwd|password hashes|(?:bash_|shell |zsh_|command )history|git ?config|\\.?netrc|kube ?config|~?/?\\.(?:aws|ssh|kube|gnupg|docker|npmrc|pgpass|password-store)[\\w/.-]*|[A-Z][A-Z0-9]*_(?:TOKEN|SECRET|KEY|PASSWORD|PASS)|keychain|cookies|tokens';
const PERSONAL =
  "(?:customers?|clients?|patients?|users?|employees?|members?|subscribers?|payroll|salary|payment|card|personal|medical|prod(?:uction)?|live|e-?mail)(?:['’]s?)?[ _-](?:data(?:base)?|db|dump|table|list|records?|export|csv|emails?|e-mails|details|info(?:rmation)?|numbers|rows|dataset|backup|addresses|database dump|read replica)|(?:all|every|whole|entire|complete|full) (?:the )?(?:customers?|patients?|users?|employees?|members?|database|db|repo(?:sitory)?|private repo|source(?: code)?|code ?base|home directory|disk)|(?:data(?:base)?|db|sql|sqlite) (?:dump|file with)|(?:latest|last|my|all|whole) e-?mails?|source code|our code|the repo";
const OUTSIDE =
  'https?:\\/\\/(?!(?:localhost|127\\.|www\\.w3\\.org))\\S+|(?:\\d{1,3}\\.){3}\\d{1,3}|[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+|(?:to|into|onto|on|via|with|at|in|as) (?:(?:my|his|her|our|their|an?|the|some|another|this|that|public|own|personal|private|external|remote|free|small)\\s+){1,4}(?:g ?mail|hotmail|e-?mail(?: address)?|mailbox|inbox|google drive|drive|onedrive|dropbox|icloud|nas|usb\\S*|server|home server|host|endpoint|collector|web ?hook|discord\\S*|telegram\\S*|slack(?: \\w+)?|whats ?app|gist|github|pastebin|bucket|ftp|sftp|url|channel|site|forum\\S*|friend|colleague|contractor|competitor|partner|buyer|vendor|third[- ]part(?:y|ies)|guy|phone|laptop|address|shared doc)|(?:to|on|via) (?:discord|telegram|pastebin|dropbox|virustotal|ngrok|gmail|me\\b|wetransfer|google drive|whatsapp|github)|webhook\\.site|requestbin|transfer\\.sh|ngrok|pastebin|public gist|(?:unencrypted|third[- ]party) (?:log\\w*|host)|[\\w-]+\\.(?:example|evil|attacker)(?:\\.\\w+)?|collector';

const REVEAL =
  "show|shows|print|prints|reveal|display|tell|give|list|output|read|cat|echo|dump|paste|repeat|expose|leak|disclose|recite|quote|what(?:'s| is| are| was| were)|whats|type out|write out|spell|return|return me|see|state|encode|translate|summari[sz]e|include";
const PROMPT =
  '(?:your|the|its) (?:(?:own|full|entire|complete|exact|whole|initial|original|hidden|secret|internal|first|verbatim|actual)\\s+){0,3}(?:system[- ]?prompt|system message|system instructions|prompt|instructions|guidelines|initial prompt|configuration|context window|rules|training data|pre-?prompt|directives)(?!\\s+(?:in|of|for|from|template|file|component|builder|field|box|input|panel|page|dialog|modal|text|when|to|on)\\b)|system[- ]prompt (?:verbatim|word for word|above|you)|(?:text|everything|words?) (?:above|before) this|what you were told';
const BENIGN =
  /\b(?:toggle|button|component|placeholder|label|modal|page|checkbox|field|hashing|hashed|reset|strength|manager ui|policy|mask\w*|redact\w*|rotat\w*|count|counter|length|hint|schema|docs?|readme|document\w*|changelog|test that|tests? for|spec|ensure|prevent\w*|stop|avoid|don't|do not|not|never|without|warn|detect|scrub|leaks?|leaking|sanitiz\w*|instead of|should|shouldn't)\b/iu;
const ABOUT =
  /\b(?:docs?|readme|document\w*|changelog|tests? (?:for|that)|prevent\w*|stop|avoid|never|detect\w*|block\w*|mask\w*|redact\w*|scrub\w*|reset|invit\w+|sign-?up|verification|confirmation|newsletter|callback|bug:|does(?:n't| not)|isn't|is not|fails?|failing|error|401|403|404|500)\b/iu;

export const EXFILTRATIONS: readonly Signal[] = [
  {
    reason: 'asks to send secrets or the environment elsewhere',
    first: words(`(?:${SEND})(?:[\\s\\S]{1,70}?)(?:${SECRETS})`),
    near: text(`(?<![\\p{L}\\p{N}_])(?:${OUTSIDE})`),
    within: 60,
    unless: ABOUT,
    masked: true,
  },
  {
    reason: 'asks to send personal or internal data elsewhere',
    first: words(`(?:${SEND})(?:[\\s\\S]{1,50}?)(?:${PERSONAL})`),
    near: text(`(?<![\\p{L}\\p{N}_])(?:${OUTSIDE})`),
    within: 60,
    unless: ABOUT,
  },
  {
    reason: 'asks to send secrets or the environment elsewhere',
    first: words(
      `(?:send|post|upload|e-?mail|mail|forward|exfiltrate|leak|transmit|ship)\\s+(?:(?:me|us|him|her|all|the|of|my|our|your|contents? of|content of|it|a|copy|every|whole|full)\\s+){0,5}(?:\\.env|env(?:ironment)? vars?|environment variables|secrets|credentials|ssh keys?|private keys?|passwords|api keys|shell history|tokens)`,
    ),
    near: words('to|at|by|via|somewhere|over'),
    within: 16,
    unless: ABOUT,
    masked: true,
  },
  {
    reason: 'sends a file or output to a host',
    first: text(
      '\\bcurl\\b[^\\n|]{0,120}\\s(?:-d|--data(?:-binary|-raw|-urlencode)?|-F|--form|-T|--upload-file|--json)[ =]?[\'"]?(?:\\S{0,20}@|[~/.$`])\\S*|\\bwget\\b[^\\n]{0,80}--post-(?:file|data)|\\|\\s{0,3}(?:curl|nc|ncat|netcat|socat|telnet)\\b|\\b(?:scp|rsync)\\b[^\\n]{0,80}\\s[\\w.-]+@[\\w.-]+:|\\b(?:nc|ncat) [\\w.-]+ \\d{2,5}\\b|/dev/tcp/|new Image\\(\\)\\.src\\s{0,2}=|sendBeacon\\([^)]{0,60}(?:cookie|token|password)|document\\.cookie[^\\n]{0,40}https?:',
    ),
    unless: /\b(?:docs?|readme|document\w*|example|explain|why|docker-compose|localhost|127\.0)\b/iu,
  },
  {
    reason: 'carries data out in an address, an image or a lookup',
    first: text(
      '!\\[[^\\]\\n]{0,80}\\]\\(https?:[^)\\s]{0,200}[?&/=](?:q|d|data|c|x|s|secret|token|leak|log|payload|key|t|exfil)?=?[^)\\s]{0,40}(?:SECRET|DATA|TOKEN|KEY|PASSWORD|\\{|<|\\$|=\\))|(?:url|base64|hex|percent)[- ]?encod\\w{1,4}[\\s\\S]{0,80}?(?:append|add|put|stick|attach|send|into|to|in)[\\s\\S]{0,40}?(?:https?:|url|dns|subdomain|host)|(?:append|add|put|stick|attach)\\b.{0,60}\\bto (?:the )?(?:url\\s+)?https?:\\S+[?&]\\w+=|dns (?:txt |lookup|quer\\w+|tunnel)[\\s\\S]{0,60}?(?:secret|token|env|data|key|password)|(?:secret|token|env|key|password|hostname)s?[\\s\\S]{0,60}?(?:as|via|in|over|through) (?:a )?(?:dns|subdomain|icmp|ping)|(?:replac\\w+|fill\\w*) \\w{2,12} with (?:the )?(?:api key|secret|token|password|content)|base64\\b[^\\n]{0,60}(?:\\.kube|\\.ssh|\\.aws|\\.env|id_rsa|twice|so that (?:the )?mask)',
    ),
    unless: /\b(?:docs?|readme|document\w*|test that|detect|block|prevent)\b/iu,
    masked: true,
  },
  {
    reason: 'names a host that is made to receive what is taken',
    first: text(
      'https?://[^\\s/]{0,60}(?:exfil|evil|attacker|webhook\\.site|requestbin|pipedream|burpcollaborator|interact\\.sh|oast\\.|transfer\\.sh|pastebin\\.com/api)|\\bexfiltrat\\w*',
    ),
    unless:
      /\b(?:docs?|document\w*|detect\w*|prevent\w*|block\w*|threat model|test|against|mitigat\w*|alert\w*|rule for|explain|what is|doubt)\b/iu,
  },
  {
    reason: 'collects what identifies a machine or a person and reports it',
    first: words(
      '(?:postinstall|preinstall|setup\\.py|install (?:script|hook)|hook|conftest|makefile|workflow|action|job|keylogger|telemetry|analytics)',
    ),
    near: words(
      '(?:curl|send|sends|post|posts|report|collect|upload|ship|beacon|echo|comment|print|attach)s?\\b[\\s\\S]{0,60}?(?:hostname|username|whoami|git (?:remote|config)|process\\.env|os\\.environ|env(?:ironment)? vars?|internal (?:ip|host)\\w*|[A-Z]+_TOKEN|ssh keys?|card numbers?|authorization headers?|passwords?|secrets?)',
    ),
    within: 80,
    unless: ABOUT,
  },
  {
    reason: 'asks to have the instructions shown',
    first: words(REVEAL),
    near: words(PROMPT),
    within: 28,
    unless: BENIGN,
    masked: true,
  },
  {
    reason: 'asks to have the instructions shown',
    first: words(
      "(?:your|the) system prompt(?=\\s*[?.!]|$)|show (?:me )?your prompt|what were you told|(?:your|the) (?:instructions|guidelines|rules)[\\s\\S]{0,30}?(?:verbatim|word for word|as rot13|in base64|every odd word|backwards)|repeat (?:the )?(?:words|text|everything) above|(?:everything|text|words) (?:above|before) (?:this|the (?:line|word))|what can't you tell me|my system prompt",
    ),
    unless: BENIGN,
    masked: true,
  },
  {
    reason: 'asks to have secrets shown',
    first: words(
      '(?:show|print|reveal|display|tell|give|list|output|read|cat|echo|dump|paste|expose|disclose|leak|send)(?: (?:me|us|out|aloud|back))?(?: (?:what|all|the|of|your|our|my|his|her|whole|full|every|any|current|actual|real|value|values|contents?|content|in|from|is|stored|loaded|this|that|raw|plain|exact)){0,6}',
    ),
    near: words(
      "(?:\\.env(?:\\.\\w+)?(?: file)?|environment variables|env vars?|secrets|credentials(?: file)?|credentials\\.json|(?:admin|root|db|database|prod(?:uction)?|master|user|stored|saved|wifi|service|sudo)(?:'s)? (?:password|credentials?|secret|token|login)s?|passwords|api keys?|(?:ssh|private|signing|service|firebase service|deploy|encryption) keys?|id_rsa|access tokens?|[A-Z][A-Z0-9]*_(?:TOKEN|SECRET|KEY|PASSWORD|PASS)|(?:github|gitlab|npm|slack|vault) tokens?|\\/etc\\/(?:passwd|shadow)|~?/?\\.(?:aws|ssh|kube|pgpass|netrc|npmrc)\\S*|(?:all )?(?:customer|user|patient|employee|card(?:holder)?|payment|personal)(?:'s)? (?:data|records|emails|passwords)|credit card (?:details|numbers?|data|info\\w*)|recovery codes|memory|connection string)(?! (?:page|form|field|toggle|button|component|view|list|table|section|screen|modal|dialog|endpoint|api|docs?|prop|input|icon|reset|strength|manager|settings?|tab|in the (?:docs|readme|ui)|on the))",
    ),
    within: 6,
    unless: BENIGN,
    masked: true,
  },
  {
    reason: 'asks to have secrets shown',
    first: words(
      "what(?:'s| is| are|s) (?:the |my |our |your |his |her )?(?:(?:actual|current|real|exact) )?(?:values? of )?(?:(?:admin|root|db|database|prod|production|master|stripe|jwt|wifi|aws|vault|github|colleague's|sudo)\\s+){1,2}(?:passwords?|secrets?|tokens?|api keys?|credentials?|keys?)(?! (?:used for|for|format|length|policy|hashing|rotation|type|mean))|what(?:'s| is|s) (?:the )?value of [A-Z][A-Z0-9_]{3,}|(?:which|what) (?:credentials|secrets|passwords|keys|tokens) (?:can you see|do you (?:know|have)|are loaded|are you)|(?:db|admin|root|database) password\\?|passwords? you know|reveal (?:all |any |the )?(?:user|customer|patient|personal|card\\w*) (?:data|records|details|info\\w*)",
    ),
    masked: true,
  },
  {
    reason: 'asks to have secrets shown',
    first: words(
      "(?:show|list|display|give|tell|print|reveal)(?: (?:me|us))? (?:(?:all|every|each|the|of|our|your)\\s+){1,3}(?:customers?|users?|patients?|employees?)(?:'s?)?(?: \\w+)? (?:data|records|emails?|passwords?|addresses|details|birthdays)|credit card details for|emails and (?:birthdays|passwords|phone numbers) of all",
    ),
    unless:
      /\b(?:page|screen|table|view|component|endpoint|tab|modal|dashboard|grid|in the (?:admin|ui|sidebar|list)|filter|sort|pagination|button|dropdown|column|when|should|admins?|users? can|staff|support)\b/iu,
    masked: true,
  },
];
