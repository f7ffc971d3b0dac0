import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { changedFiles, fingerprintOf } from '../fingerprint.mjs'
import { projectFile, projectFolder, readJson } from '../places.mjs'
import { run } from '../run.mjs'
import { SetupError, say, secondsSince } from '../say.mjs'
import { copySwaggerUi } from './swagger-ui.mjs'

/** What the build is made from. */
const inputs = [
  'src-main',
  'src-renderer',
  'resources/icons',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'electron.vite.config.ts',
  'resources/bootstrap/steps/swagger-ui.mjs',
]

/** What the last build was made from; in the folder of the build, to go when that goes. */
const stamp = projectFile('out/made-from.json')

/**
 * The build in `out/`, made anew if a file that it is made from changed.
 * @throws {SetupError} when it fails
 */
export async function build() {
  const current = fingerprintOf(projectFolder, inputs)
  const changed = changedFiles(readStamp(), current)
  if (changed.length === 0) {
    say('build', 'up to date')
    return
  }
  const start = Date.now()
  say('build', `${describeChange(changed.length, Object.keys(current).length)}, building…`)
  forgetBuild()
  const { code, output } = await run(process.execPath, [
    projectFile('node_modules/electron-vite/bin/electron-vite.js'),
    'build',
    '--logLevel=warn',
  ])
  if (code !== 0) throw new SetupError(`${output.trim()}\nbuild: failed`)
  if (output.trim() !== '') console.log(output.trim())
  for (const program of programs()) chmodSync(program, 0o755)
  await copySwaggerUi()
  // The fingerprint from before: a file changed while we were building makes the next run build again.
  writeFileSync(stamp, JSON.stringify(current))
  say('build', `done in ${secondsSince(start)}`)
}

/** Makes the next run build again, whatever is in `out/`. */
export function forgetBuild() {
  rmSync(stamp, { force: true })
}

/** The programs that are run by their own name. */
function programs() {
  /** @type {{ bin: Record<string, string> }} */
  const { bin } = readJson(projectFile('package.json'))
  return Object.values(bin).map((file) => projectFile(file))
}

/** @returns {import('../fingerprint.mjs').Fingerprint} */
function readStamp() {
  const { main } = readJson(projectFile('package.json'))
  return existsSync(stamp) && existsSync(projectFile(main)) ? readJson(stamp) : {}
}

/**
 * @param {number} changed
 * @param {number} all
 */
function describeChange(changed, all) {
  if (changed === all) return 'not built yet'
  return changed === 1 ? '1 file changed' : `${changed} files changed`
}
