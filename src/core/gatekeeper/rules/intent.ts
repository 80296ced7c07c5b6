/** What a task wants done, where, and how much of it: a first guess by its words, which the local model's replaces. */
import type { Plan, TaskFacts } from '../../events/planParts';

const ORDERS =
  'add|fix|implement|change|make|create|remove|delete|drop|update|refactor|rename|move|write|replace|extract|upgrade|bump|deploy|release|publish|push|revert|migrate|convert|set up|speed|put|slim|check in|get rid|mention|append|mail|give|let|turn|improve|optimi[sz]e|install|enable|disable|build|rewrite|clean up|document|resolve|repair|correct|adjust|apply|merge|run|restart|send|upload';
const ORDERED = new RegExp(
  String.raw`(?:^|[.;:!?,\n]\s{0,3}|\b(?:and|then|please|pls|also|just|need you to|want you to|want to|go|now) )(?:${ORDERS})\b|\b(?:can|could|would|will) (?:you|u) (?:please )?(?:${ORDERS})\b`,
  'iu',
);
const OPENS_AS_QUESTION =
  /^(?:(?:q:|hi[,!]?|hello[,!]?|hey[,!]?|so|ok|and|but)\s{1,3}){0,4}(?:what(?:'?s)?|why|how(?!-)(?:'?s)?|where (?:is|are|do|does|can|should|in)|when (?:is|was|should|did|do|does|will|can|would|to)|which|who|whose|is|are|was|were|does|do (?:i|we|you have|you know|they|the)|did|has|should|explain|tell me|any idea|can (?:i|someone)|请问|为什么|wie|warum|pourquoi|comment (?:est|faire|puis|on|je|ça|se|fonctionne|peut|dois|marche)|por qué|cómo|perché|miksi|miten|varför|waarom|dlaczego|почему|как|чому|なぜ|왜)(?![\p{L}\p{N}])/iu;
const ENDS_AS_QUESTION = /[?？]$/u;
const WISHES =
  /\b(?:can|could|would|may) (?:we|you|u|it|the|this|that|be)\b|\b(?:docs?|guide|javadoc|readme|chapter|handbook|manual|cheat ?sheet|tutorial|docstring)\b/iu;
const CHANGES_NOTHING =
  /\b(?:(?:do not|don'?t) (?:chang|touch|edit|modif)\w*(?: (?:anything|any(?: \w+)?|files?|code|the code))|without (?:chang|touch|edit|modify)\w* (?:anything|any(?: \w+)?|files?|code|the code)|no (?:edits?|code changes?)|just (?:explain|tell me|curious)|only explain)\b/iu;

const MOST_WORDS = 80;

/** True when a task plainly asks to be told something, and for nothing to be changed. */
export function asksOnly(plain: string): boolean {
  if (ORDERED.test(plain)) return false;
  if (CHANGES_NOTHING.test(plain)) return true;
  if (WISHES.test(plain) || plain.split(/\s+/u, MOST_WORDS + 1).length > MOST_WORDS) return false;
  return (
    OPENS_AS_QUESTION.test(plain.trimStart()) && (ENDS_AS_QUESTION.test(plain.trimEnd()) || !/[.!]\s+\S/u.test(plain))
  );
}

const INTENTS: readonly { readonly intent: Plan['intent']; readonly pattern: RegExp }[] = [
  {
    intent: 'operate',
    pattern:
      /^\s*(?:please |now |just |then |and )*(?:deploy|release|publish|push|merge|tag|roll ?back|restart|rotate|revoke|ship|promote|cherry-pick|force[- ]push|purge|scrub)\b|\b(?:deploy|roll(?: |-)?out|release) (?:it|this|to|v?\d)|\bpush (?:it|to origin|to master|to main|straight)|\bon (?:prod|production|staging|the server)\b/iu,
  },
  {
    intent: 'build',
    pattern:
      /^\s*(?:build|ci|chore|deps|docker|helm)\b[(:]|\b(?:upgrade|bump|pin|downgrade)\b|\b(?:dependenc\w+|ci|pipeline|docker\w*|eslint|webpack|lockfile|github actions?|gitlab|jenkins|makefile|tsconfig|package\.json|\.gitignore|workflow)\b/iu,
  },
  {
    intent: 'tests',
    pattern:
      /^\s*(?:tests?|rspec|specs?|unit tests?|e2e|playwright|cypress|coverage)\b|\b(?:add|write|more|missing|unit|integration|property|e2e)(?: \w+)? tests?\b|\bcoverage\b/iu,
  },
  {
    intent: 'docs',
    pattern:
      /^\s*\[?(?:docs?|jsdoc|readme|changelog|docstring|javadoc)\b|\b(?:readme|changelog|docstring|jsdoc|javadoc|documentation|document the|doc comments?|in the docs)\b/iu,
  },
  {
    intent: 'refactor',
    pattern:
      /\b(?:refactor\w*|rename[ds]?|clean ?up|simplif\w+|extract(?:ed)?|dead code|unused|restructure|dedup\w*|inline|rewrite|split (?:up|into)|tidy)\b/iu,
  },
  {
    intent: 'bugfix',
    pattern:
      /\b(?:fix(?:e[sd]|ing)?|bugs?|broken|crash\w*|wrong\w*|incorrect\w*|fail(?:s|ed|ing|ure)?|errors?|off by|does ?n[o']t|do not|don't|won't|can't|cannot|isn't|is not|never|no longer|loses?|lost|leaks?|hangs?|stuck|missing|instead of|exception|regression|not work\w*)\b/iu,
  },
];

/** The likeliest intent, in the order of the label guide's reach. */
export function intentOf(plain: string): Plan['intent'] {
  if (asksOnly(plain)) return 'question';
  return INTENTS.find(({ pattern }) => pattern.test(plain))?.intent ?? 'feature';
}

const FRONTEND =
  /\b(?:button|css|scss|modal|react|vue|angular|svelte|jsx|tsx|tailwind|sidebar|dropdown|tooltip|navbar|dark mode|theme|ui|frontend|front-end|a11y|aria|accessib\w+|checkbox|toggle|mobile|ios|android|safari|responsive|font|icon|storybook|playwright|flutter|swiftui|datepicker|screen reader|layout|page|dialog)\b|<[A-Z]\w+|`[A-Z][a-z]\w+`/iu;
const BACKEND =
  /\b(?:api|endpoint|server|backend|back-end|database|sql|postgres|redis|kafka|queue|worker|cron|django|flask|rails|spring|laravel|express|nestjs|grpc|graphql|cli|parser|daemon|socket|migration|go|rust|python|java|php|ruby|kernel|service|library|cache|thread)\b/iu;
const FRONTEND_FILE = /\.(?:tsx|jsx|vue|svelte|s?css|less|html?|astro|dart|swift)$/iu;
const BACKEND_FILE = /\.(?:py|go|rs|java|kt|rb|php|cs|c|cc|cpp|h|ex|exs|sql|scala|pl|sh|hs|erl|lua|zig)$/iu;

/** Where the task is at work: what it names counts first, then its words. */
export function surfaceOf(plain: string, { named }: TaskFacts): Plan['surface'] {
  const paths = [
    ...named.filter(({ what }) => what !== 'word').flatMap(({ paths: found }) => found),
    ...[...plain.matchAll(/[\w-]{1,60}\.[a-z]{1,6}\b/giu)].slice(0, 50).map(([name]) => name),
  ];
  const front = paths.filter((path) => FRONTEND_FILE.test(path)).length;
  const back = paths.filter((path) => BACKEND_FILE.test(path)).length;
  if (front !== back) return front > back ? 'frontend' : 'backend';
  if (FRONTEND.test(plain)) return 'frontend';
  return BACKEND.test(plain) ? 'backend' : 'none';
}

const SMALL_WORDS = 12;
const FAR =
  /\b(?:everywhere|everything|all|every|across|whole|entire|system|architecture|redesign|rewrite|migrate|port|throughout)\b/iu;

/** True for an ask of a line that names nothing far-reaching. */
export const isSmall = (plain: string): boolean =>
  plain.trim().split(/\s+/u, SMALL_WORDS + 1).length <= SMALL_WORDS && !FAR.test(plain);
