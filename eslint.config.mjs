import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      '**/.venv/',
      '.setup/',
      'figures/',
      'site/',
      'slides/',
      'handouts/',
      'data/',
      'models/',
      'tests/output/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // A lost promise is how a notebook or a script fails in silence.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'describe', 'it', 'suite'], package: 'node:test' },
          ],
        },
      ],
      'no-restricted-properties': [
        'error',
        {
          object: 'Math',
          property: 'random',
          message: 'Randomness comes from the seeded Random that the caller passes.',
        },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    // A column's name comes before a property of polars' frames (`frame.height` is the column `height`), so one file
    // alone touches them.
    files: ['lib/src/**/*.ts', 'scripts/**/*.ts', 'queue/src/**/*.ts', 'publish/src/**/*.ts'],
    ignores: ['lib/src/data/frame.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...[
          '[imported.name="DataFrame"]',
          'MemberExpression[property.name=/^(DataFrame|(read|scan)(CSV|Csv|Parquet|JSON|Json|IPC|Avro|Records).*)$/]',
        ].map((selector) => ({
          selector,
          message: 'Only lib/src/data/frame.ts touches a frame of polars: use readFrame.',
        })),
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        __dirname: 'readonly',
        module: 'readonly',
        require: 'readonly',
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
      },
    },
  },
);
