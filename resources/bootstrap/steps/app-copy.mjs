import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fingerprintOf, nameOf } from '../fingerprint.mjs'
import { withLock } from '../lock.mjs'
import { cacheFolder, projectFile, projectFolder, readJson } from '../places.mjs'
import { run } from '../run.mjs'

/** Libraries with a compiled part: outside the bundle, so they go along with it. */
export const nativePackages = ['@photostructure/sqlite', '@node-rs/argon2']

/** Copies that nobody started for this long are removed. */
const keptMs = 24 * 3600 * 1000

/**
 * A copy of the built app that everybody may read, for Electron as another user: the clone may lie
 * below /root. Named by its content, so a build during a run changes nothing in that run.
 * @returns {Promise<string>} its folder
 */
export function copyApp() {
  // Another clone may be at the same content.
  return withLock('app copies', makeCopy)
}

async function makeCopy() {
  const packages = nativePackages.flatMap((name) => withDependencies(name))
  const parts = ['out', 'package.json', 'package-lock.json']
  const name = nameOf(fingerprintOf(projectFolder, parts))
  const copies = join(cacheFolder(), 'app')
  const copy = join(copies, name)
  mkdirSync(copies, { recursive: true })
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`
    for (const part of ['out', 'package.json', ...new Set(packages)]) {
      cpSync(projectFile(part), join(unfinished, part), { recursive: true, filter: isForHere })
    }
    await run('chmod', ['-R', 'a+rX', unfinished])
    renameSync(unfinished, copy)
  }
  utimesSync(copy, new Date(), new Date())
  removeOldCopies(copies)
  return copy
}

/**
 * A package and what it depends on, as folders relative to the clone. Optional dependencies are the
 * binaries for other platforms: those that are not installed are left out.
 * @param {string} name
 * @returns {string[]}
 */
function withDependencies(name) {
  const folder = `node_modules/${name}`
  if (!existsSync(projectFile(folder))) return []
  const { dependencies = {}, optionalDependencies = {} } = readJson(
    projectFile(`${folder}/package.json`),
  )
  const names = Object.keys({ ...dependencies, ...optionalDependencies })
  return [folder, ...names.flatMap(withDependencies)]
}

/**
 * Leaves out the prebuilt binaries of other platforms.
 * @param {string} path
 */
function isForHere(path) {
  const platform = `${process.platform}-${process.arch}`
  const parent = dirname(path)
  return !parent.endsWith('/prebuilds') || path === join(parent, platform)
}

/** @param {string} copies */
function removeOldCopies(copies) {
  for (const name of readdirSync(copies)) {
    const path = join(copies, name)
    if (Date.now() - statSync(path).mtimeMs > keptMs) rmSync(path, { recursive: true, force: true })
  }
}
