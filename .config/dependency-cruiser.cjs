/**
 * The import rules of ARCHITECTURE.md: core <- protocol <- webview-ui; core <- node, vscode <- compose <- extension.
 * test/architecture plants a violation of each and proves that it is caught.
 */
const CORE = '^src/core/';
const VSCODE_MODULE = '(^|/)(@types/)?vscode(/|$)';
/** Not anchored, so that the planted trees of the architecture tests, which use this folder's packages, resolve alike. */
const packages = (...names) => `(^|/)node_modules/(@types/)?(${names.join('|')})/`;

const forbidden = [
  {
    name: 'core-is-pure',
    comment: 'core imports core and a few pure libraries: no vscode, no node:*, nothing that does I/O',
    from: { path: CORE },
    to: { pathNot: [CORE, packages('zod', 'picomatch', 'yaml', '@rgrove/parse-xml', 'unbash')] },
  },
  {
    name: 'core-foundations-are-leaves',
    comment: 'kernel, events and ports import no other folder of core',
    from: { path: '^src/core/(kernel|events|ports)/' },
    to: { path: CORE, pathNot: '^src/core/(kernel|events|ports)/' },
  },
  {
    name: 'only-run-composes-core-features',
    comment: 'a feature of core does not reach up to the run that composes it',
    from: { path: '^src/core/(blueprint|policy|gatekeeper|prompt|replay|compare)/' },
    to: { path: '^src/core/run/' },
  },
  {
    name: 'protocol-is-thin',
    from: { path: '^src/protocol/' },
    to: {
      pathNot: [
        '^src/protocol/',
        '^src/core/(events|kernel)/',
        // What is recorded as text, and is shown as more.
        '^src/core/(reports/(report|readReport)|gatekeeper/detect/kinds)[.]ts$',
        packages('zod'),
      ],
    },
  },
  {
    name: 'webview-sees-only-protocol',
    from: { path: '^webview-ui/' },
    to: { path: '^src/', pathNot: '^src/protocol/' },
  },
  {
    name: 'webview-runs-in-a-browser',
    comment: 'no node built-in reaches the webview',
    from: { path: '^webview-ui/' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'vscode-api-stays-in-vscode',
    from: {
      pathNot:
        '^(src/vscode/|src/(compose|window(Runs|Records|Stores|Policies|Models)|extension)[.]ts$|test/host/)|(^|/)node_modules/',
    },
    to: { path: VSCODE_MODULE, pathNot: '^src/' },
  },
  {
    name: 'adapters-do-not-meet',
    comment: 'src/node and src/vscode are joined in a composition root only',
    from: { path: '^src/(node|vscode)/' },
    to: { path: '^src/(node|vscode)/', pathNot: '^src/$1/' },
  },
  {
    name: 'adapters-know-no-composition-root',
    from: { path: '^src/(core|protocol|node|vscode)/' },
    to: { path: '^src/cli/' },
  },
  {
    name: 'command-line-has-no-window',
    from: { path: '^src/cli/' },
    to: { path: '^src/vscode/' },
  },
  {
    name: 'model-providers-are-islands',
    from: { path: '^src/node/models/([^/]+)/' },
    to: { path: '^src/node/models/[^/]+/', pathNot: '^src/node/models/($1|shared)/' },
  },
  {
    name: 'only-extension-imports-compose',
    from: { pathNot: '^src/extension[.]ts$' },
    to: { path: '^src/compose[.]ts$' },
  },
  {
    name: 'only-compose-imports-its-parts',
    from: { pathNot: '^src/(compose|window(Runs|Records|Stores|Policies|Models))[.]ts$' },
    to: { path: '^src/window(Runs|Records|Stores|Policies|Models)[.]ts$' },
  },
  { name: 'nothing-imports-extension', from: {}, to: { path: '^src/extension[.]ts$' } },
  { name: 'no-circular', from: {}, to: { circular: true } },
  { name: 'no-src-to-test', from: { path: '^(src|webview-ui)/' }, to: { path: '^test/' } },
  {
    name: 'no-unresolvable',
    comment: 'vscode itself has only types outside the host; node:sqlite is of a newer Node, the peer of a bench',
    from: {},
    to: { couldNotResolve: true, pathNot: '^(vscode|node:sqlite)$' },
  },
].map((rule) => ({ severity: 'error', ...rule }));

module.exports = {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
