import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withLock } from './lock.mjs'
import { runMain } from './main.mjs'
import { projectFile, projectFolder, readJson } from './places.mjs'
import { run } from './run.mjs'
import { appFolder, prepareRuntime } from './runtime.mjs'
import { SetupError, say, secondsSince } from './say.mjs'
import { build } from './steps/build.mjs'
import { install } from './steps/install.mjs'
import { countEnd, countPlaywright, countVitest, describe, exitCode, sum } from './summary.mjs'

const groups = {
  unit: {
    args: ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts'],
    report: projectFile('test-results/unit.json'),
    count: countVitest,
    env: async () => ({ env: {}, stop: () => undefined }),
  },
  e2e: {
    args: ['node_modules/@playwright/test/cli.js', 'test', '--config', 'test/playwright.config.ts'],
    report: projectFile('test-results/e2e.json'),
    count: countPlaywright,
    env: electronEnv,
  },
}

// npm test [-- unit|e2e [arguments for vitest or Playwright]]
await runMain(async () => {
  const [wanted, ...args] = process.argv.slice(2)
  if (wanted !== undefined && wanted !== 'unit' && wanted !== 'e2e') {
    throw new SetupError('test: expected unit, e2e or nothing')
  }
  const app = await withLock(projectFolder, async () => {
    await install()
    if (wanted === 'unit') return projectFolder
    await build()
    return appFolder()
  })
  /** @type {import('./summary.mjs').Summary[]} */
  const summaries = []
  for (const name of /** @type {const} */ (['unit', 'e2e'])) {
    if (wanted === undefined || wanted === name) summaries.push(await runGroup(name, app, args))
  }
  const total = sum(summaries)
  const isCi = Boolean(process.env['CI'])
  if (isCi && total.skipped > 0) say('test', 'a skipped test is a failure in CI')
  if (total.passed + total.failed === 0) say('test', 'no test ran')
  console.log(describe(total))
  return exitCode(total, { isCi })
})

/**
 * @param {'unit' | 'e2e'} name
 * @param {string} app
 * @param {string[]} args
 * @returns {Promise<import('./summary.mjs').Summary>}
 */
async function runGroup(name, app, args) {
  const group = groups[name]
  rmSync(group.report, { force: true })
  const { env, stop } = await group.env(app)
  const start = Date.now()
  try {
    const { code } = await run(process.execPath, [...group.args, ...args], {
      show: true,
      env: { ...process.env, ...env },
    })
    const report = existsSync(group.report) ? readJson(group.report) : undefined
    const summary = countEnd(report === undefined ? undefined : group.count(report), code)
    say('test', `${name} ${describe(summary)} in ${secondsSince(start)}`)
    return summary
  } finally {
    stop()
  }
}

/**
 * What `test/support/electron-app.ts` needs to know.
 * @param {string} app
 */
async function electronEnv(app) {
  const { executable, switches, env, stop } = await prepareRuntime()
  const profiles = mkdtempSync(join(tmpdir(), 'coffret-'))
  // Each profile in it is private to the user that Electron runs as.
  chmodSync(profiles, 0o711)
  return {
    env: {
      ...env,
      COFFRET_ELECTRON: executable,
      COFFRET_APP: app,
      COFFRET_SWITCHES: switches.join(' '),
      COFFRET_PROFILES: profiles,
    },
    stop: () => {
      stop()
      rmSync(profiles, { recursive: true, force: true })
    },
  }
}
