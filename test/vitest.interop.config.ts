import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** The tests against programs that others wrote: `npm run test:interop` starts what they need. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/compatibility/**/*.interop.test.ts'],
    environment: 'node',
    // One server serves them all.
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    allowOnly: !process.env['CI'],
    reporters: ['default', 'json'],
    outputFile: { json: process.env['COFFRET_REPORT'] ?? 'test-results/interop.json' },
  },
})
