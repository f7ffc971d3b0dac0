import js from '@eslint/js'
import noUnsanitized from 'eslint-plugin-no-unsanitized'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'

/** What only `src-main/env.ts` may touch: everyone else receives `Clock` and `RandomBytes`. */
const clockAndRandom = [
  { object: 'Date', property: 'now', message: 'take a Clock (src-main/env.ts)' },
  { object: 'Math', property: 'random', message: 'take RandomBytes (src-main/env.ts)' },
]

export default ts.config(
  { ignores: ['out/', 'node_modules/', 'test-results/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  noUnsanitized.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node } },
    rules: {
      'no-restricted-properties': ['error', ...clockAndRandom],
      'no-eval': 'error',
      'no-new-func': 'error',
      'no-control-regex': 'off',
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'node:child_process',
              importNames: ['exec', 'execSync'],
              message: 'no shell: execFile or spawn',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src-renderer/**'],
    languageOptions: { globals: { ...globals.browser } },
    rules: { 'svelte/no-at-html-tags': 'error' },
  },
  {
    files: ['**/*.svelte.ts'],
    // Collections that are never on the screen need no signals.
    rules: { 'svelte/prefer-svelte-reactivity': 'off' },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    files: ['src-main/env.ts', 'test/**', 'resources/**', 'src-renderer/**'],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['test/**'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
)
