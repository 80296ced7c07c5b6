/**
 * ESLint does only what Biome cannot: promises nobody waits for (this needs types), and purity of src/core, where clock,
 * randomness, environment and network come through ports. Everything else is Biome's.
 */
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const PORTS = 'core is pure: take it from a port (src/core/ports)';
const IMPURE_GLOBALS = [
  'fetch',
  'process',
  'performance',
  'crypto',
  'console',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'globalThis',
  'require',
];
const IMPURE_PROPERTIES = [
  ['Math', 'random'],
  ['Date', 'now'],
];

export default defineConfig(
  { ignores: ['**/node_modules/', 'dist/', 'out/', 'test/fixtures/', '**/*.{js,mjs,cjs}', '**/*.d.{ts,mts}'] },
  {
    files: ['src/**/*.ts', 'webview-ui/**/*.{ts,tsx}', 'test/**/*.{ts,tsx}'],
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
  {
    files: ['src/core/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...IMPURE_GLOBALS.map((name) => ({ name, message: PORTS }))],
      'no-restricted-properties': [
        'error',
        ...IMPURE_PROPERTIES.map(([object, property]) => ({ object, property, message: PORTS })),
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: PORTS },
        { selector: "CallExpression[callee.name='Date']", message: PORTS },
        {
          selector: "CallExpression[callee.property.name='localeCompare']",
          message: 'its order depends on the machine',
        },
      ],
    },
  },
);
