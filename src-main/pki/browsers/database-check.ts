import { CoffretError } from '../../contract/errors'
import type { Home } from './stores'

const headerBytes = 100
const signature = 'SQLite format 3\0'

/**
 * Whether a file begins as a database of SQLite, and is as long as it says.
 * Source: sqlite.org/fileformat2.html §1.3.
 */
function isWhole({ size, start }: { size: number; start: Uint8Array }): boolean {
  if (start.length < headerBytes) return false
  const header = Buffer.from(start)
  if (header.toString('latin1', 0, signature.length) !== signature) return false
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
  // Its own page count holds only when the same program wrote both counters.
  const isCounted = header.readUInt32BE(24) === header.readUInt32BE(92)
  return !isCounted || size >= header.readUInt32BE(28) * pageBytes
}

/**
 * What changes with each write to a certificate database: header, with its counter, length, and a journal that
 * was left. Whoever cannot read it gets the same each time.
 */
export function contentMark(home: Home, folder: string): string {
  return ['cert9.db', 'key4.db']
    .map((name) => {
      const { size = 0, start = [] } = home.beginning(`${folder}/${name}`, headerBytes) ?? {}
      const hasJournal = home.exists(`${folder}/${name}-journal`)
      return `${size} ${Buffer.from(start).toString('base64')} ${hasJournal}`
    })
    .join('\n')
}

/**
 * Looks whether a certificate database can be written to, before NSS is let at it: whatever is wrong, NSS
 * calls it by one of two names, which say nothing to people.
 * @throws CoffretError with the field `store`: `not_writable`, `corrupt`
 */
export function checkDatabase(home: Home, folder: string): void {
  const files = ['cert9.db', 'key4.db'].map((name) => `${folder}/${name}`)
  if (![folder, ...files].every((path) => home.canWrite(path))) {
    const message = 'the certificate database of the browser, or its folder, cannot be written'
    throw new CoffretError('not_writable', message, { field: 'store' })
  }
  const isDamaged = files.some((file) => {
    const found = home.beginning(file, headerBytes)
    return found === undefined || !isWhole(found)
  })
  if (isDamaged) {
    const message = 'the certificate database of the browser is damaged; nothing was changed'
    throw new CoffretError('corrupt', message, { field: 'store' })
  }
}
