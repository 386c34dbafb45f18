/**
 * The one table of floors and rooms. A room imports only from its own floor or from below, and only
 * through another room's index.ts; floors 0–4 know neither Node nor the browser, nor the clock.
 * The lint rules and the type-check of the pure floors are generated from this table.
 */
export const floors = [
  ['errors', 'kernels'],
  ['numeric', 'stats', 'units', 'fits', 'table'],
  ['sky', 'light', 'nebula', 'evolution'],
  ['cube', 'binning', 'templates', 'spectrum', 'linemaps', 'image', 'disk'],
  ['sample', 'simulate', 'figures'],
  ['host', 'pipeline'],
  ['cli'],
];

/** Floors 0 to this one are pure: numbers and typed arrays in, numbers and typed arrays out. */
export const lastPureFloor = 4;

const impureGlobals = [
  'process', 'Buffer', 'global', '__dirname', '__filename', 'require', 'setTimeout', 'setInterval', 'setImmediate',
  'console', 'Date', 'performance', 'fetch', 'window', 'document', 'navigator', 'self', 'localStorage', 'Worker',
  'globalThis',
];

/** The oxlint configuration that the table of floors implies. */
export function lintConfig() {
  const pastTheFace = {
    // No look-ahead in oxlint's regular expressions: any file of another room whose name does not begin with 'ind'.
    regex: String.raw`^\.\./[^/]+/(?:[^i]|i[^n]|in[^d])`,
    message: "import another room through its face, '../room/index.js'",
  };
  const overrides = [];
  floors.forEach((rooms, floor) => {
    const above = floors.slice(floor + 1).flat();
    const patterns = [];
    if (above.length) {
      patterns.push({
        group: above.map((room) => `../${room}/**`),
        message: `this room stands on floor ${floor}: it may not import from a floor above`,
      });
    }
    if (floor <= lastPureFloor) {
      patterns.push({ regex: '^(?:node:|fs$|path$|os$|url$|util$|worker_threads$|zlib$|pdfkit$|@resvg/|commander$)', message: 'floors 0–4 are pure: no Node here' });
    }
    patterns.push(pastTheFace);
    const rules = { 'no-restricted-imports': ['error', { patterns }] };
    if (floor <= lastPureFloor) rules['no-restricted-globals'] = ['error', ...impureGlobals];
    for (const room of rooms) overrides.push({ files: [`src/${room}/**/*.ts`], rules });
  });
  return {
    $schema: './node_modules/oxlint/configuration_schema.json',
    plugins: ['typescript', 'import', 'unicorn'],
    categories: { correctness: 'error', suspicious: 'error' },
    ignorePatterns: ['dist/**', '**/*.d.ts', 'src/kernels/assembly/**', 'src/kernels/module.generated.ts'],
    rules: {
      'import/no-cycle': ['error', { ignoreTypes: false }],
      'typescript/no-explicit-any': 'error',
      'typescript/no-non-null-assertion': 'off',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-await-in-loop': 'off',
      'no-shadow': 'off',
      'unicorn/no-array-sort': 'off',
      'unicorn/no-array-reverse': 'off',
      'unicorn/consistent-function-scoping': 'off',
      'unicorn/prefer-add-event-listener': 'off',
      'import/no-unassigned-import': 'off',
      'import/no-named-as-default-member': 'off',
      'no-underscore-dangle': 'off',
      'unicorn/require-module-specifiers': 'off',
      'unicorn/no-new-array': 'off',
      'eslint/no-unmodified-loop-condition': 'off',
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
    overrides,
  };
}
