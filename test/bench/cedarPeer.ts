/**
 * The standard policy as Cedar understands it, and decisions by `@cedar-policy/cedar-wasm`. Deny and ask become `forbid`,
 * for Cedar knows no third answer; a glob becomes `like` patterns over the lower-case path, where `*` passes slashes.
 * Left out: globs with `!(…)`, which `like` cannot say.
 */
import module from 'node:module';
import type * as CedarModule from '@cedar-policy/cedar-wasm/nodejs';
import type { Policy, Rule } from '../../src/core/policy/schema';

export type CedarPeer = {
  /** Whether Cedar allows a capability over a path; the path is in lower case, `/` in front. */
  readonly allows: (capability: string, path: string) => boolean;
  readonly patterns: number;
};

/** `from` is a file from which the package can be found. */
export function cedarPeer(policy: Policy, from: string): CedarPeer {
  const cedar = module.createRequire(from)('@cedar-policy/cedar-wasm/nodejs') as typeof CedarModule;
  const text = policy.rules.map(cedarRule).join('\n');
  const answer = cedar.preparsePolicySet('standard', { staticPolicies: text });
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '));
  return {
    patterns: text.split(' like ').length - 1,
    allows(capability, path) {
      const decided = cedar.statefulIsAuthorized({
        principal: { type: 'Run', id: 'run' },
        action: { type: 'Action', id: capability },
        resource: { type: 'File', id: 'target' },
        context: { path },
        preparsedPolicySetId: 'standard',
        entities: [],
      });
      if (decided.type === 'failure') throw new Error(decided.errors.map(({ message }) => message).join('; '));
      return decided.response.decision === 'allow';
    },
  };
}

function cedarRule({ effect, capabilities, paths }: Rule): string {
  const actions = capabilities.map((capability) => `Action::"${capability}"`).join(', ');
  const head = `${effect === 'allow' ? 'permit' : 'forbid'} (principal, action in [${actions}], resource)`;
  if (paths === undefined) return `${head};`;
  const likes = paths
    .filter(expressible)
    .flatMap(expand)
    .map((glob) => `context.path like ${JSON.stringify(likeOf(glob))}`);
  // Cedar's parser cannot hold a condition of hundreds of parts; several policies of one effect say the same.
  const parts = Array.from({ length: Math.ceil(likes.length / PARTS) }, (_, at) =>
    likes.slice(at * PARTS, (at + 1) * PARTS),
  );
  return parts.map((part) => `${head} when { ${part.join(' || ')} };`).join('\n');
}

const PARTS = 20;

/** Whether `like` can say what a glob says. */
export const expressible = (glob: string): boolean => !/[!?[\]]/.test(glob);

const likeOf = (glob: string): string => `/${glob.toLowerCase()}`.replace(/^\/\*\*\//, '*/').replaceAll('**', '*');

/** Every alternative of the braces. */
function expand(glob: string): string[] {
  const braces = /^(.*?)\{([^{}]*)\}(.*)$/.exec(glob);
  if (braces === null) return [glob];
  const [, before = '', inside = '', after = ''] = braces;
  return inside.split(',').flatMap((choice) => expand(`${before}${choice}${after}`));
}
