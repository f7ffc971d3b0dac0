import { fileURLToPath } from 'node:url'
import { defineConfig } from '@playwright/test'

const report = process.env['COFFRET_REPORT']
const results = fileURLToPath(new URL('../test-results', import.meta.url))

/** The tests that need a window, in the real Electron. `npm run test:e2e` sets the stage for them. */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: `${results}/e2e`,
  workers: 1,
  // A test that passes at the second try is a wrong test or a wrong app.
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 180_000,
  globalTimeout: 60 * 60_000,
  // Only to end what hangs: a busy machine needs more than ten seconds to look at a thousand secrets.
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: report ?? `${results}/e2e.json` }]],
})
