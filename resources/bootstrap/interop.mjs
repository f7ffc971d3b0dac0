import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withLock } from './lock.mjs'
import { runMain } from './main.mjs'
import { startOpenBao } from './openbao-server.mjs'
import { projectFolder, readJson } from './places.mjs'
import { run } from './run.mjs'
import { say } from './say.mjs'
import { install } from './steps/install.mjs'
import { openBao } from './steps/openbao.mjs'
import { countEnd, countVitest, describe, exitCode } from './summary.mjs'

// npm run test:interop [-- arguments for vitest]: the tests against programs that others wrote
await runMain(async () => {
  await withLock(projectFolder, install)
  const program = await openBao()
  const folder = mkdtempSync(join(tmpdir(), 'coffret-'))
  const server = await startOpenBao(program, folder).catch((error) => {
    rmSync(folder, { recursive: true, force: true })
    throw error
  })
  try {
    say('openbao', `listens on ${server.address}`)
    const report = join(folder, 'report.json')
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config']
    const { code } = await run(
      process.execPath,
      [...vitest, 'test/vitest.interop.config.ts', ...process.argv.slice(2)],
      {
        show: true,
        env: {
          ...process.env,
          COFFRET_BAO: program,
          COFFRET_OPENBAO: server.address,
          COFFRET_OPENBAO_TOKEN: server.token,
          COFFRET_REPORT: report,
        },
      },
    )
    const total = countEnd(existsSync(report) ? countVitest(readJson(report)) : undefined, code)
    const isCi = Boolean(process.env['CI'])
    if (isCi && total.skipped > 0) say('test', 'a skipped test is a failure in CI')
    console.log(describe(total))
    return exitCode(total, { isCi })
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
