import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from '../lock.mjs'
import { cacheFolder, projectFile } from '../places.mjs'
import { downloadPackage, tar } from '../registry-package.mjs'
import { say } from '../say.mjs'

/**
 * Swagger UI as it is built. It is not a dependency: that would put the telemetry package which it
 * depends on into the lock file, and nothing but these files is of use.
 */
const version = '5.35.0'
const packed = {
  name: `swagger-ui-dist@${version}`,
  tarball: `swagger-ui-dist-${version}.tgz`,
  sha512:
    'U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ==',
}

/** What the page needs, and what the licence asks to go along. */
const files = [
  'swagger-ui-bundle.js',
  'swagger-ui.css',
  'swagger-ui-bundle.js.LICENSE.txt',
  'LICENSE',
  'NOTICE',
]

/**
 * Puts the files of Swagger UI into `out/swagger-ui`, by way of the cache.
 * @throws {import('../say.mjs').SetupError} when they cannot be had
 */
export async function copySwaggerUi() {
  const folder = await withLock('swagger-ui', unpack)
  for (const name of files) cpSync(join(folder, name), projectFile(`out/swagger-ui/${name}`))
}

/** Unpacked beside its place and renamed there, so that it is whole or not there. */
async function unpack() {
  const place = join(cacheFolder(), `swagger-ui-${version}`)
  if (existsSync(place)) return place
  say('build', `downloading ${packed.name}…`)
  const unfinished = `${place}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true })
  const archive = await downloadPackage(packed, unfinished)
  const inside = files.map((name) => `package/${name}`)
  await tar([
    '-xzf',
    archive,
    '-C',
    unfinished,
    '--strip-components=1',
    '--no-same-owner',
    ...inside,
  ])
  rmSync(archive)
  renameSync(unfinished, place)
  return place
}
