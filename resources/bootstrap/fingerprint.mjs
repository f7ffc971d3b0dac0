import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The content of some files: path relative to the root → SHA-256 in hex.
 * @typedef {Record<string, string>} Fingerprint
 */

/**
 * Hashes files, and every file below folders. What does not exist is left out.
 * @param {string} root
 * @param {readonly string[]} names relative to the root
 * @returns {Fingerprint}
 */
export function fingerprintOf(root, names) {
  /** @type {Fingerprint} */
  const fingerprint = {}
  for (const file of names.flatMap((name) => filesAt(root, name)).sort()) {
    fingerprint[file] = createHash('sha256')
      .update(readFileSync(join(root, file)))
      .digest('hex')
  }
  return fingerprint
}

/**
 * The files that were added, removed or changed between two fingerprints.
 * @param {Fingerprint} before
 * @param {Fingerprint} after
 */
export function changedFiles(before, after) {
  const all = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...all].filter((file) => before[file] !== after[file]).sort()
}

/**
 * One short name for a fingerprint: 16 hex digits, the same for the same content.
 * @param {Fingerprint} fingerprint
 */
export function nameOf(fingerprint) {
  const entries = Object.entries(fingerprint).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 16)
}

/**
 * @param {string} root
 * @param {string} name
 * @returns {string[]}
 */
function filesAt(root, name) {
  const path = join(root, name)
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [name]
  return readdirSync(path).flatMap((child) => filesAt(root, `${name}/${child}`))
}
