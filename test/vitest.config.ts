import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { configDefaults, defineConfig } from 'vitest/config'

/** Only to end what hangs: nothing is timed here, and a busy machine takes its time. */
const patienceMs = process.env['COFFRET_TORTURE'] === '1' ? 3_600_000 : 300_000

/** All tests but those that need a window. The JSON report is what `npm test` counts. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  // For the rune classes in src-renderer/state.
  plugins: [svelte({ configFile: false })],
  test: {
    include: ['test/**/*.test.ts'],
    // Those that need other programs: `npm run test:interop`, `npm run test:compat`.
    exclude: [
      ...configDefaults.exclude,
      'test/**/*.interop.test.ts',
      'test/compatibility/clients/**',
    ],
    environment: 'node',
    maxWorkers: 2,
    testTimeout: patienceMs,
    hookTimeout: patienceMs,
    // Of itself it waits for one second, in which a busy machine may not come to us at all.
    expect: { poll: { timeout: 60_000 } },
    // `npm run test:coverage`: the rules and the wire are held to it.
    coverage: {
      include: ['src-main/kv/**/*.ts', 'src-main/wire/**/*.ts'],
      reporter: ['text'],
      reportsDirectory: 'test-results/coverage',
      thresholds: { lines: 95, branches: 95 },
    },
    allowOnly: !process.env['CI'],
    reporters: ['default', 'json'],
    outputFile: { json: process.env['COFFRET_REPORT'] ?? 'test-results/unit.json' },
  },
})
