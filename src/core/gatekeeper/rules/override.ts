/** Phrases that try to get round the rules: to have instructions ignored, checks skipped, an authority believed. */
import { type Signal, text, words } from './match';

const IGNORE =
  "ignor(?:e|ing)|disregard(?:ing)?|forget(?: about)?|neglect|overrid(?:e|ing)|discard|dismiss|pay no (?:attention|heed) to|do(?: not|n't) (?:follow|obey|listen to|adhere to)|stop (?:following|obeying)|set aside|drop";
const MINE =
  'previous|prior|above|earlier|preceding|former|original|initial|your|its own|system|safety|security|existing|given|these|those|foregoing|everything|anything|whatever';
const RULES =
  'instructions?|rules?|guidelines?|directives?|prompts?|polic(?:y|ies)|constraints?|restrictions?|guard ?rails?|protocols?|safeguards?|training|orders|commands?|context';
const GET_ROUND =
  "skip(?:ping)?|bypass(?:ing)?|circumvent(?:ing)?|sidestep(?:ping)?|evad(?:e|ing)|get(?:ting)? (?:a)?round|work around|do(?: not|n't) (?:wait for|bother with|ask for|need|require)|without(?: waiting for| asking for| any| getting| the| a)?|w\\/o|no need (?:for|of)|forget(?: about)?|ignor(?:e|ing)|overrid(?:e|ing)|disabl(?:e|ing)|turn(?:ing)? off|switch(?:ing)? off|leave out|avoid|dismiss|suspend|fake|forge|approve my own|screw";
const APPROVALS =
  'approvals?|sign-?offs?|code ?reviews?|peer reviews?|reviews? (?:step|gate|dance|process)|(?:required |mandatory )?(?:reviewers?|reviews)|change (?:ticket|request|board|freeze|management|window)|cab|four[- ]eyes|gatekeeper|guard ?rails?|branch protections?|(?:required )?status checks|required checks|policy (?:checks?|engine|gate|file)|safety (?:checks?|protocols?|rules|polic(?:y|ies)|filters?)|security (?:checks?|review|scan|scanner|gate|polic(?:y|ies))|pre-?commit(?: hooks?)?|commit hooks?|git hooks|pre-?push(?: hooks?)?|quality gate|merge checks|compliance (?:check|review|gate)s?|legal hold|release checklist|second (?:approver|reviewer)|the rules';
const PRODUCT =
  /\b(?:button|toggle|checkbox|option|setting|modal|page|screen|dialog|component|eslint|tslint|pylint|css|stylelint|\.gitignore|regex|rules? engine|firewall|docs?|readme|document\w*|explain|why|how does|how do|tests? that|test:|ensure|verif(?:y|ies) that|prevent\w*|detect\w*|block\w*|warn\w*|reject\w*|refuse[sd]?|should not|must not|shouldn't|mustn't|cannot|can't|don't let|users? (?:can|could|who|with)|anyone|attackers?|vulnerab\w*)\b/iu;

export const OVERRIDES: readonly Signal[] = [
  {
    reason: 'asks to ignore the instructions that are in force',
    first: words(IGNORE),
    near: words(
      `(?:(?:all|any|every|each|of|the|my|other|and|or)\\s+){0,4}(?:${MINE})(?:\\s+(?:and|or|${MINE}|system|safety|set of|given|ai)){0,4}\\s+(?:${RULES})`,
    ),
    within: 20,
    unless: PRODUCT,
    masked: true,
  },
  {
    reason: 'asks to ignore the instructions that are in force',
    first: words(
      `(?:${IGNORE})\\s+(?:all|any|every|the)\\s+(?:(?:of|the|your)\\s+){0,2}(?:instructions|rules|guidelines|directives|restrictions|guard ?rails|safeguards|polic(?:y|ies))(?!\\s+(?:in|of|for|from|with|that|which)\\b)`,
    ),
    unless: PRODUCT,
    masked: true,
  },
  {
    reason: 'asks to ignore the instructions that are in force',
    first: words(
      '(?:ignore|disregard|forget) (?:everything|all|anything|whatever)(?: that| of it)? (?:(?:above|before|prior|you|i) ?(?:said|told|were told|was said|have been told|know|read|learned)?|(?:was|has been) said)|new (?:system )?instructions?(?: (?:follow|below|from)|\\s*:)|updated instructions\\s*:|(?:important|urgent)[,! ]{1,3}new instructions|instead,? (?:you (?:must|will|should) )?follow (?:these|my)',
    ),
    masked: true,
  },
  {
    reason: 'asks to ignore the instructions that are in force',
    first: text(
      '(?:ignore|disregard|forget|bypass)(?:all|any|the|your|my|previous|prior|above|system|safety){0,5}(?:instructions?|rules|guidelines|prompt|restrictions)',
    ),
    masked: true,
  },
  {
    reason: 'asks to get round approvals or checks',
    first: words(GET_ROUND),
    near: words(APPROVALS),
    within: 24,
    unless: PRODUCT,
    masked: true,
  },
  {
    reason: 'asks to get round approvals or checks',
    first: words(
      "(?:don't|do not|never|no need to|stop|without|needn't|need not|(?:not|n't) have to|not required to|not need to) (?:wait(?:ing)? for|ask(?:ing)?|request(?:ing)?|seek(?:ing)?|need(?:ing)?)(?: me| anyone| anybody| them| us| the \\w+| him| her)?(?: for)?(?: (?:any|a|my|the|your|further|their|first|again|anymore|prior))*(?: (?:permission|confirmation|approval|approvals|sign-?off|before|first|anymore|questions?|again))",
    ),
    unless:
      /\b(?:the app|browser|ios|android|user is|users are|notification|dialog|modal|prompt again|camera|location|microphone|cookie)\b/iu,
  },
  {
    reason: 'asks to get round approvals or checks',
    first: words(
      "you (?:do not|don't|need not|needn't) (?:have|need)(?: to)? (?:ask|permission|approval|confirmation|to ask|wait)|approvals? (?:is|are) (?:not|no longer) (?:required|needed|necessary)|no (?:approvals?|confirmations?|permission|sign-?off|review) (?:is |are )?(?:required|needed|necessary)|pre-?approved|already (?:approved|signed off|cleared|authori[sz]ed) (?:verbally|by (?:the )?(?:ceo|cto|legal|management|boss|vp|security))|signed off verbally|approval id|(?:you have|with) my (?:full |explicit |complete )?(?:permission|authori[sz]ation|authority|consent|blessing)",
    ),
    unless: PRODUCT,
    masked: true,
  },
  {
    reason: 'switches checks off',
    first: text(
      '--no-verify\\b|\\bHUSKY(?:_SKIP_HOOKS)?=[01]\\b|\\bSKIP=\\w+ git\\b|\\bPRE_COMMIT_ALLOW_NO_CONFIG|--skip-(?:hooks|checks|verification|backup|approval|review)\\b|--no-gate\\b|--admin\\b(?=.{0,20}merge)|\\bmerge\\b.{0,30}(?:--admin\\b|with admin rights)|\\bcore\\.hooksPath=/dev/null',
    ),
    unless:
      /\b(?:document|explain|why|docs?|readme|should(?:n't| not) be|warn|prevent|block|forbid|reject|detect|what (?:is|does)|never use)/iu,
  },
  {
    reason: 'asks to merge or publish without the checks',
    first: words(
      '(?:merge|ship|publish|release|deploy|push|approve|land|roll out|apply)(?:\\s+\\S+){0,5}?\\s+(?:anyway|regardless|without (?:(?:a|any|the|code|waiting for(?: a| the)?)\\s+)*(?:reviews?|approvals?|reviewers?|sign-?off|tests?|checks|ci|green|asking)|no matter what (?:the )?(?:ci|checks?|tests?|review\\w*) says?|even (?:if|though) (?:the )?(?:ci|checks?|tests?|pipeline|build|reviewers?)(?: \\w+){0,2} (?:red|fail\\w*|broken|object\\w*))',
    ),
    unless: PRODUCT,
  },
  {
    reason: 'asks for tests or checks to pass that do not',
    first: words(
      '(?:delete|remove|skip|disable|comment out|mute|xit|mark|drop|kill|rm|xfail|silence|take out|throw out|weaken|get rid of)(?:\\s+(?:all|any|every|the|those|these|just|whatever|out|test|unit))*',
    ),
    near: words(
      "(?:tests?|specs?|assertions?|asserts|checks|spec files|ones?)(?:\\s+(?:that|which|who))?(?:'s|\\s+(?:are|is))?\\s+(?:fail(?:s|ing|ed)?|red|broken|don't pass|do not pass|block(?:s|ing)? us)|(?:failing|red|failed|broken) (?:tests?|specs?|assertions?|ones|checks|spec files)",
    ),
    within: 14,
    unless: /\b(?:why|how|flaky on|quarantine|because the feature|obsolete|no longer exists?|fix)\b/iu,
  },
  {
    reason: 'asks for tests or checks to pass that do not',
    first: words(
      'nobody (?:checks|reviews|looks at|will (?:check|notice|look|know))(?: \\w+)?|no ?one (?:checks|reviews|will (?:notice|check|know))|(?:hard-?code|fake) (?:the )?(?:expected|test|coverage) (?:values?|results?|report|numbers?)|(?:always |just )(?:return|exit)s? (?:zero|0|success) (?:even|so|regardless|whatever)|make (?:the )?(?:test script|tests?|ci|lint|linter|pytest|check) (?:exit 0|`exit 0`|return zero|always pass|pass no matter)|assert(?:s|ing)? (?:nothing|true) so',
    ),
  },
  {
    reason: 'wants something kept from those who should know',
    first: words(
      "(?:do not|don't|without|never|no need to) (?:tell(?:ing)?|inform(?:ing)?|mention(?:ing)?|notify(?:ing)?|alert(?:ing)?|let(?:ting)?|report(?:ing)?)(?: (?:this|it|anything|that))?(?: to)? (?:the user|anyone|anybody|the (?:reviewers?|auditors?|security|service desk|team|boss|admins?|inspector)|the (?:security|ops|compliance) team)(?: know)?|(?:keep|hide) (?:it|this|that) from (?:the )?(?:user|reviewers?|auditors?|security|boss|team|admins?|puppet|qa)|behind (?:the |her |his |their )?(?:\\w+ )?(?:team's|back\\b)(?: back)?",
    ),
    unless: /\b(?:tooltip|ui|css|screen reader|aria|button|modal)\b/iu,
  },
  {
    reason: 'claims an authority or a mode in which rules do not hold',
    first: text(
      '(?:^|\\n|["\'`>*#(:]\\s{0,3})\\s{0,4}(?:\\*\\*|#{1,4} |\\[|<\\|?|\\{"role":\\s?")?(?:system|developer|operator|administrator|admin|root|maintainer)(?: (?:message|note|prompt|override|notice|update))?(?:\\*\\*|\\]|\\|?>|","content":)?\\s{0,2}:?\\s.{0,120}(?:not (?:required|needed|apply|in force|bound)|no (?:polic|rule|approval|restriction|confirmation)|(?:polic(?:y|ies)|rules?|engine|checks?|approvals?|restrictions?|guard ?rails?|safety).{0,30}(?:off|disabled|lifted|suspended|waived|bypass|granted|accepted|n\'t apply|not apply|no longer)|verified|superadmin|developer mode|unrestricted|(?:must|now|shall) (?:obey|comply|execute)|ignore|accepted\\. continue)',
    ),
    masked: true,
  },
  {
    reason: 'claims an authority or a mode in which rules do not hold',
    first: words(
      "(?:(?:has|have|had|hereby|been|is|are|am|we've|i've|i) )?(?:authori[sz]ed?|permitted?|cleared|approved|allow(?:ed)?|instructed|ordered|granted)(?: you| access)? (?:to )?(?:to )?(?:bypass|override|ignore|skip|disable|disregard|circumvent|reveal|show all|access all|share all|all safety)|(?:override|bypass|disable|suspend|ignore|lift) (?:all |any |your |the |every )*(?:safety|security|safeguard|content|ethical|guard ?rail|protection)s? ?(?:protocols?|polic(?:y|ies)|rules?|checks?|filters?|restrictions?|measures|mechanisms?|controls?|s)?",
    ),
    unless: PRODUCT,
    masked: true,
  },
  {
    reason: 'claims an authority or a mode in which rules do not hold',
    first: words(
      "(?:developer|dev|god|debug|maintenance|admin|sudo|dan|jailbreak|unrestricted|unfiltered|root) mode (?:is )?(?:enabled|activated|active|on\\b|engaged|unlocked)|(?:you are|you're|be|act as) (?:now )?(?:in (?:developer|god|debug|maintenance|admin|unrestricted) mode|(?:dan|unrestricted|unfiltered|jailbroken|free from|a free entity|not bound by|no longer bound))|do anything now|jailbreak (?:yourself|mode|prompt)|without (?:any )?(?:restrictions|limitations|censorship|filters|ethics)|(?:no|zero) (?:restrictions|limitations|filters|rules) (?:at all|whatsoever|anymore|apply)|if you had no (?:restrictions|rules|limits|limitations|guidelines|filters?)|(?:your|the) (?:rules|restrictions|guidelines|safety rules|policy|policies) (?:do not|don't|no longer|doesn't|does not) (?:apply|count|hold|matter)|rules are suspended|(?:normal|usual) rules (?:are|do|don't)|not bound by (?:any )?(?:rules|privacy|polic\\w+)|in test mode where no|no policy is in force|policy be damned",
    ),
    unless: PRODUCT,
    masked: true,
  },
  {
    reason: 'claims an authority or a mode in which rules do not hold',
    first: words(
      "(?:i(?:'m| am)|this is|it's|as|speaking as|says? the|from) (?:the |your |an? |our )?(?:real |new |acting |chief )?(?:ceo|cto|ciso|cfo|admin(?:istrator)?|root|superuser|account owner|system owner|org owner|operator|maintainer|security (?:team|officer)|it support|support team|head of (?:it|security)|board|boss|lead|developer of this (?:ai|model|assistant))(?: here| speaking)?",
    ),
    near: words(
      "skip|override|bypass|ignore|immediately|right now|no questions|don't ask|do not ask|urgent(?:ly)?|obey|comply|reveal|you (?:may|can|must|are allowed)|authori[sz]e|no (?:ticket|approval|need)|doesn't count|does not apply|without (?:asking|approval|review)",
    ),
    within: 90,
  },
  {
    reason: 'claims an authority or a mode in which rules do not hold',
    first: words(
      '(?:the )?(?:ceo|cto|ciso|vp|boss|chief|management|legal(?: team)?|security desk|admins?|system administrator|anthropic|openai) (?:has |have |needs? |wants? |demands? |orders? |told |said |says |cleared |allow(?:s|ed)? )',
    ),
    near: words(
      'override|bypass|skip|ignore|no need|immediately|without|cleared this|safety|all right|alright|authori[sz]ed|allow(?:s|ed)?(?: it)?',
    ),
    within: 50,
    unless: PRODUCT,
    masked: true,
  },
  {
    reason: 'claims an authority or a mode in which rules do not hold',
    first: words(
      "pretend (?:(?:to be|you are|you're|that you(?:'re| are)) (?:the |an? |my |not |in )?(?:admin\\w*|root|operator|system|unrestricted|dan|developer|owner|ceo|evil|bound|an ai|hacker|maintainer|superuser)|there (?:are|is) no|you have no|that the rules)|(?:imagine|suppose|assume) (?:you(?:'re| are)|that you are|there (?:are|is) no) (?:the |an? )?(?:admin|root|operator|unrestricted|no (?:rules|permissions|polic\\w+|approvals))|(?:act|behave|answer|respond|speak) as (?:if|though) (?:you (?:had|have) no|there (?:were|was|are) no|you were (?:root|admin|an admin|unrestricted))|role-?play as|you are (?:now )?(?:my grandma|a guard of|an ai without|evil)|from now on,? you (?:are|will|must|never|always|shall)|never (?:refuse|warn|say no)|you (?:can't|cannot|may not) (?:say no|refuse)",
    ),
    unless: /\b(?:npc|game|character|player|mock|stub|chatbot|story|bot builder|test double|component)\b/iu,
    masked: true,
  },
  {
    reason: 'asks for a weakness that lets rules be passed',
    first: words(
      '(?:add|make|build|create|put in|insert|leave|implement|hide|want|need)(?:\\s+\\S+){0,4}\\s+(?:back ?doors?|hidden admin|secret admin|master password|bypass (?:header|flag|parameter|token))|(?:turn|switch) off (?:the )?(?:audit(?: log(?:ging)?)?|waf|rate limiting and|apparmor|selinux|policy (?:engine|check))|policy engine off|checks?=off|nopasswd: ?all|(?:use|using|log in with|login with|through) the break-?glass',
    ),
    unless: /\b(?:detect|find|remove|prevent|audit for|scan|document|explain|why|fix)\b/iu,
  },
];
