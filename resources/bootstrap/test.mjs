import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { playwrightFailures, vitestFailures } from './failures.mjs'
import { withLock } from './lock.mjs'
import { runMain } from './main.mjs'
import { projectFile, projectFolder, readJson } from './places.mjs'
import { run } from './run.mjs'
import { appFolder, prepareRuntime } from './runtime.mjs'
import { SetupError, say, secondsSince } from './say.mjs'
import { build } from './steps/build.mjs'
import { install } from './steps/install.mjs'
import { copySwaggerUi } from './steps/swagger-ui.mjs'
import { clientPrograms, ensureTestPrograms, unitPrograms } from './steps/test-programs.mjs'
import { countEnd, countPlaywright, countVitest, describe, exitCode, sum } from './summary.mjs'

const groups = {
  unit: {
    args: ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts'],
    count: countVitest,
    failures: vitestFailures,
    prepare: async () => {
      await ensureTestPrograms(unitPrograms)
      // For the page that real browsers open.
      await copySwaggerUi()
      return { env: {}, stop: () => undefined }
    },
  },
  compat: {
    args: ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.compat.config.ts'],
    count: countVitest,
    failures: vitestFailures,
    prepare: async () => {
      await ensureTestPrograms(clientPrograms)
      return { env: {}, stop: () => undefined }
    },
  },
  e2e: {
    args: ['node_modules/@playwright/test/cli.js', 'test', '--config', 'test/playwright.config.ts'],
    count: countPlaywright,
    failures: playwrightFailures,
    prepare: prepareWindow,
  },
}

// npm test [-- unit|compat|e2e|torture [arguments for vitest or Playwright]]
await runMain(async () => {
  const [group, ...rest] = process.argv.slice(2)
  if (group !== undefined && !['unit', 'compat', 'e2e', 'torture'].includes(group)) {
    throw new SetupError('test: expected unit, compat, e2e, torture or nothing')
  }
  const { wanted, args } = group === 'torture' ? torture(rest) : { wanted: group, args: rest }
  await withLock(projectFolder, install)
  /** @type {import('./summary.mjs').Summary[]} */
  const summaries = []
  /** @type {string[]} */
  const failures = []
  for (const name of /** @type {const} */ (['unit', 'compat', 'e2e'])) {
    if (wanted === undefined || wanted === name) {
      summaries.push(await runGroup(name, args, (failure) => failures.push(`${name} ${failure}`)))
    }
  }
  for (const failure of failures) say('failed', failure)
  const total = sum(summaries)
  const isCi = Boolean(process.env['CI'])
  if (isCi && total.skipped > 0) say('test', 'a skipped test is a failure in CI')
  if (total.passed + total.failed === 0) say('test', 'no test ran')
  console.log(describe(total))
  return exitCode(total, { isCi })
})

/**
 * The unit tests that try something more often on request, and the request.
 * @param {string[]} args
 */
function torture(args) {
  process.env['COFFRET_TORTURE'] = '1'
  const files = readdirSync(projectFile('test'), { recursive: true, encoding: 'utf8' })
    .map((name) => `test/${name}`)
    .filter((name) => name.endsWith('.test.ts'))
    .filter((name) => readFileSync(projectFile(name), 'utf8').includes('support/torture'))
  return { wanted: 'unit', args: args.length === 0 ? files : args }
}

/**
 * Runs one group. One that cannot be prepared counts as one failed test, and the others still run.
 * @param {'unit' | 'compat' | 'e2e'} name
 * @param {string[]} args
 * @param {(failure: string) => void} onFailure told of each test that failed
 * @returns {Promise<import('./summary.mjs').Summary>}
 */
async function runGroup(name, args, onFailure) {
  const { prepare, args: runner, count, failures } = groups[name]
  const start = Date.now()
  // Not in the clone: two runs at once must not count each other's tests.
  const folder = mkdtempSync(join(tmpdir(), 'coffret-'))
  /** @type {() => void} */
  let stop = () => undefined
  let summary = countEnd(undefined, 1)
  try {
    const prepared = await prepare(folder)
    stop = prepared.stop
    const reportFile = join(folder, 'report.json')
    const { code } = await run(process.execPath, [...runner, ...args], {
      show: true,
      env: { ...process.env, ...prepared.env, COFFRET_REPORT: reportFile },
    })
    const report = existsSync(reportFile) ? readJson(reportFile) : undefined
    summary = countEnd(report === undefined ? undefined : count(report), code)
    const told = report === undefined ? [] : failures(report)
    told.forEach(onFailure)
    if (summary.failed > 0 && told.length === 0) onFailure(`tests ended with code ${code}`)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    console.log(error.message)
  } finally {
    stop()
    rmSync(folder, { recursive: true, force: true })
  }
  say('test', `${name} ${describe(summary)} in ${secondsSince(start)}`)
  return summary
}

/**
 * The build, an Electron and a display, as `test/support/electron-app.ts` wants to be told of them.
 * @param {string} folder for the profiles
 */
async function prepareWindow(folder) {
  const app = await withLock(projectFolder, async () => {
    await build()
    return appFolder()
  })
  const { executable, switches, env, stop } = await prepareRuntime()
  // Each profile in it is private to the user that Electron runs as.
  chmodSync(folder, 0o711)
  return {
    env: {
      ...env,
      COFFRET_ELECTRON: executable,
      COFFRET_APP: app,
      COFFRET_SWITCHES: switches.join(' '),
      COFFRET_PROFILES: folder,
    },
    stop,
  }
}
