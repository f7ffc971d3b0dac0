import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectFile } from '../places.mjs'
import { run } from '../run.mjs'
import { say } from '../say.mjs'

/** No byte after this long means that the release host is out of reach. */
const firstByteMs = 60_000
/** However slow the line, a download ends by then. */
const wholeDownloadMs = 15 * 60_000

/**
 * Downloads the official binary into `node_modules/electron`, by the electron package's own script.
 * @param {string} version
 * @returns {Promise<string | undefined>} undefined when it worked, otherwise why not
 */
export async function downloadOfficial(version) {
  say('electron', `downloading ${version}…`)
  // Its temporary folder is made ours, to see whether anything arrives.
  const temporary = mkdtempSync(join(tmpdir(), 'coffret-download-'))
  const silence = new AbortController()
  const timer = setTimeout(() => {
    if (bytesBelow(temporary) === 0) silence.abort()
  }, firstByteMs)
  try {
    const { code, output } = await run(
      process.execPath,
      [projectFile('node_modules/electron/install.js')],
      {
        env: { ...process.env, TMPDIR: temporary, TEMP: temporary },
        timeoutMs: wholeDownloadMs,
        signal: silence.signal,
      },
    )
    if (code === 0) return undefined
    return silence.signal.aborted ? 'no answer within 60 s' : reasonIn(output)
  } finally {
    clearTimeout(timer)
    rmSync(temporary, { recursive: true, force: true })
  }
}

/**
 * The message of the error that a script died of: the first line `SomeError: message`.
 * @param {string} output
 */
export function reasonIn(output) {
  const message = /^(?:\w*Error): (.+)$/m.exec(output)?.[1]
  return message?.trim() ?? 'the download failed'
}

/**
 * @param {string} folder
 * @returns {number}
 */
function bytesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name)
    return sum + (entry.isDirectory() ? bytesBelow(path) : statSync(path).size)
  }, 0)
}
