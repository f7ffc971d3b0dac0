import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { CoffretError } from '../contract/errors'
import { readJournalHeader, savedPages, type JournalHeader } from './journal-format'
import { syncFolder, type FileIdentity } from './vault-file'

/**
 * A journal that a crashed transaction left is played back by SQLite, which looks at its name alone: one
 * that lies beside a file that a sync tool has replaced meanwhile would be written over that file. So it is
 * judged before SQLite sees it. Coffret's transactions save page 1 first (`Database.write`), and only a
 * commit raises the change counter in it, by one.
 *
 * Certain: a journal whose page 1 is not the file's, whose counter is not the file's or the one before, or
 * which would make the file shorter than it ever was, is not of this file. One that changes nothing does
 * no harm. Not certain: a file that was replaced by a copy of the same vault which counts exactly as ours
 * would. Only the identity of the file that was open before the crash tells that.
 */
type Verdict = 'playBack' | 'setAside'

/** What was noticed while a vault was opened, for people to hear of. */
export interface Finding {
  readonly kind: 'foreignJournal'
  /** Where the journal is kept now. */
  readonly keptAs: string
}

/** What is known besides the two files. */
export interface JournalCircumstances {
  /** The file that this computer had open last under this name. */
  readonly knownIdentity: FileIdentity | undefined
  /**
   * Runs work while nobody else can write the database file of this name; undefined when somebody is
   * writing to it. Throws what a damaged file makes SQLite throw.
   */
  readonly reserve: <T>(name: string, work: () => T) => T | undefined
}

/**
 * Moves a journal that is not of this file to `NAME.coffret-journal.foreign-TIME`, the time of its last
 * change. To be called before SQLite opens the file, and not while this process has it open.
 * @throws CoffretError `storage` when it cannot be moved
 */
export function setAsideForeignJournal(
  name: string,
  circumstances: JournalCircumstances,
): Finding | undefined {
  // As SQLite does: the journal lies beside the file, not beside a link to it.
  const file = realpathSync(name)
  const journal = `${file}-journal`
  const found = lstatSync(journal, { throwIfNoEntry: false })
  if (found === undefined) return undefined
  // SQLite would wait for the other end of a pipe for ever. A link it does not follow.
  if (!found.isFile() && !found.isSymbolicLink()) {
    throw new CoffretError('storage', `${journal} is in the way: it is not a file`)
  }
  // Closed after the lock below is given back: closing drops all locks of a file.
  const database = openSync(file, 'r')
  try {
    const judge = () => judgeFile(database, journal, circumstances.knownIdentity)
    if (judge() !== 'setAside') return undefined
    return withSecondName(file, (second) =>
      // Judged once more: a program that was writing may have ended, and left nothing to move.
      circumstances.reserve(second, () => (judge() === 'setAside' ? move(journal) : undefined)),
    )
  } finally {
    closeSync(database)
  }
}

/**
 * Under its own name SQLite would play the journal back before it locks anything. By a second name of the
 * same file it finds no journal, and its locks are those of the file: with RESERVED held, no other program
 * has a transaction whose journal this could be, and none can begin one.
 */
function withSecondName<T>(file: string, work: (name: string) => T): T {
  const second = `${file}.second-name`
  try {
    // One that a crash left.
    rmSync(second, { force: true })
    linkSync(file, second)
  } catch (cause) {
    const problem = `the journal beside ${file} is not of this file, and could not be moved`
    throw new CoffretError('storage', problem, { cause })
  }
  try {
    return work(second)
  } finally {
    rmSync(second, { force: true })
  }
}

function move(journal: string): Finding {
  const handle = openSync(journal, 'r')
  let time: string
  try {
    time = fstatSync(handle).mtime.toISOString().replaceAll(':', '-')
  } finally {
    closeSync(handle)
  }
  const wanted = `${journal}.foreign-${time}`
  let keptAs = wanted
  for (let n = 2; existsSync(keptAs); n += 1) keptAs = `${wanted}-${n}`
  try {
    chmodSync(journal, 0o600)
    renameSync(journal, keptAs)
    syncFolder(dirname(journal))
  } catch (cause) {
    const problem = `${journal} is not of the file beside it, and could not be moved`
    throw new CoffretError('storage', problem, { cause })
  }
  return { kind: 'foreignJournal', keptAs }
}

function judgeFile(database: number, name: string, known: FileIdentity | undefined): Verdict {
  let journal: number
  try {
    journal = openSync(name, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch {
    // Gone, or nothing that SQLite would open.
    return 'playBack'
  }
  try {
    return judgeJournal(database, journal, known)
  } finally {
    closeSync(journal)
  }
}

/** @param database and `journal`: handles of the two files */
function judgeJournal(database: number, journal: number, known: FileIdentity | undefined): Verdict {
  const header = readJournalHeader(journal)
  // Empty, or not synced yet: SQLite does not play it back.
  if (header === undefined) return 'playBack'
  if (header === 'invalid') return 'setAside'
  const file = viewOf(database, header.pageSize)
  if (file === undefined) return 'setAside'
  const first = firstPageSaved(journal, header)
  const changesNothing = file.pages === header.pagesBefore && hasFilesPages(journal, header, file)
  if (changesNothing) return 'playBack'
  if (first === undefined || !isBefore(first, header, file)) return 'setAside'
  // The number of a device changes from one start of a computer to the next, that of a file does not.
  return known === undefined || known.inode === file.inode ? 'playBack' : 'setAside'
}

interface FileView {
  readonly inode: bigint
  readonly pages: number
  readonly first: Buffer
  readonly read: (page: number) => Buffer
}

/** Undefined when the file has pages of another size. */
function viewOf(database: number, pageSize: number): FileView | undefined {
  const { ino, size } = fstatSync(database, { bigint: true })
  const read = (page: number): Buffer => {
    const bytes = Buffer.alloc(pageSize)
    return bytes.subarray(0, readSync(database, bytes, 0, pageSize, (page - 1) * pageSize))
  }
  const first = read(1)
  // 65,536 is written as 1.
  const hasSize = first.length === pageSize && first.readUInt16BE(16) === pageSize % 65_535
  return hasSize ? { inode: ino, pages: Number(size) / pageSize, first, read } : undefined
}

function firstPageSaved(journal: number, header: JournalHeader): Buffer | undefined {
  for (const { page, bytes } of savedPages(journal, header)) if (page === 1) return bytes
  return undefined
}

function hasFilesPages(journal: number, header: JournalHeader, file: FileView): boolean {
  for (const { page, bytes } of savedPages(journal, header)) {
    if (page <= header.pagesBefore && !file.read(page).equals(bytes)) return false
  }
  return true
}

/** Where the change counter lies, and where the number of pages. Source: fileformat2.html §1.3. */
const changeCounterAt = 24
const pagesAt = 28

/** Whether a saved page 1 may be what the file's was before the transaction. */
function isBefore(saved: Buffer, header: JournalHeader, { first, pages }: FileView): boolean {
  const counted = (first.readUInt32BE(changeCounterAt) - saved.readUInt32BE(changeCounterAt)) >>> 0
  return (
    counted <= 1 &&
    saved.readUInt32BE(pagesAt) === header.pagesBefore &&
    // A vault never becomes shorter.
    first.readUInt32BE(pagesAt) >= header.pagesBefore &&
    pages >= header.pagesBefore &&
    constantPart(first).equals(constantPart(saved))
  )
}

/** Page 1 without what a transaction changes in it: counters, size, free pages, the version of SQLite. */
function constantPart(page: Buffer): Buffer {
  return Buffer.concat([page.subarray(0, 24), page.subarray(40, 92), page.subarray(100)])
}
