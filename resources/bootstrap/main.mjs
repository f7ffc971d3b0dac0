import { SetupError } from './say.mjs'

/**
 * Runs an entry point and ends the process with its exit code.
 * @param {() => Promise<number>} main
 */
export async function runMain(main) {
  endWithNpm()
  try {
    process.exitCode = await main()
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error)
    process.exitCode = 1
  }
}

/**
 * Ends us, and by that what we started, when npm is ended: npm passes signals on to the shell between
 * us, which keeps them for itself.
 */
function endWithNpm() {
  if (!process.env['npm_lifecycle_event']) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  timer.unref()
}
