import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** The clients that npm and Debian give: `npm run test:compat` installs them, and is a part of `npm test`. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/compatibility/clients/*.test.ts'],
    exclude: ['test/**/*.interop.test.ts'],
    environment: 'node',
    // Only to end what hangs: nothing is timed here, and a busy machine takes its time.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    allowOnly: !process.env['CI'],
    reporters: ['default', 'json'],
    outputFile: { json: process.env['COFFRET_REPORT'] ?? 'test-results/compat.json' },
  },
})
