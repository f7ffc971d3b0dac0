/**
 * The parts of an npm lock file (version 3) that matter here.
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, hasInstallScript?: boolean }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} LockFile
 */

/**
 * Whether `node_modules` holds what the lock file asks for. npm leaves out optional packages that are
 * for other platforms, so those may be missing; nothing may be there in another version or too much.
 * @param {LockFile} lock package-lock.json
 * @param {LockFile} installed node_modules/.package-lock.json, which npm writes when it is done
 */
export function isInstalled(lock, installed) {
  for (const [path, wanted] of Object.entries(lock.packages)) {
    const found = installed.packages[path]
    if (path === '' || (found === undefined && wanted.optional === true)) continue
    if (found?.version !== wanted.version || found?.integrity !== wanted.integrity) return false
  }
  return Object.keys(installed.packages).every((path) => path in lock.packages)
}

/**
 * The packages that would run a script on installation and are not on the list.
 * @param {LockFile} lock
 * @param {readonly string[]} decided names of packages
 */
export function scriptsToDecide(lock, decided) {
  return Object.entries(lock.packages)
    .filter(([, entry]) => entry.hasInstallScript === true)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))
    .filter((name) => !decided.includes(name))
}
