import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { AuditLine } from '../../contract/audit-line'
import { CoffretError } from '../../contract/errors'
import { EpochMs } from '../../contract/model'
import { fromHex, toHex } from '../../crypto/bytes'
import { isEqual } from '../../crypto/derive'
import type { AuditCheck, NewAuditLine } from '../../kv/audit-log'
import { blob, decodeJson, encodeJson, integer } from '../cells'
import type { Database } from '../database'
import { createAuditTable, hasAuditTable } from '../layout'
import { Recent } from '../recent'
import { openRow, recordIdBytes, sealRow, type Place, type Sealing } from '../records'
import { decodeBatch, encodeBatch, maxBatchLines } from './audit-batch'
import { AuditMark } from './audit-mark'

/** How many lines a log keeps at most. */
export const maxLines = 50_000

/** How many lines go at once when there are too many, so that few writes pay for it. */
const linesAtOnce = 2_500

/** How long a line is kept: 90 days, in milliseconds. */
export const maxAgeMs = 90 * 24 * 60 * 60 * 1000

/** How many batches of old lines one write drops at most, and how many rows a check reads at once. */
const rowsAtOnce = 200

/** How many opened batches are kept in memory, for a log that is looked at again and again. */
const maxKept = 1000

/** The end of the log, and the checkpoint from which it can be proven. */
const Head = AuditMark.extend({
  /** The number of the oldest line that is kept. */
  first: z.number().int().min(1),
  /** The chain before that line. */
  start: z.string().regex(/^[0-9a-f]{64}$/),
  /** When that line was written. */
  firstAt: EpochMs,
})
type Head = z.infer<typeof Head>

/** What the first line of a log says that had to begin anew, because its end was damaged. */
export const restarted = 'audit.restarted'

const noChain = '0'.repeat(64)

/** A batch as it lies in the file. */
export interface SealedBatch {
  /** The number of its first line. */
  readonly first: number
  readonly body: Uint8Array
}

/**
 * The audit log in the file, inside a transaction: sealed batches of lines, each under the number of its
 * first line, and a sealed head with the hash of all of them. It lies outside the freshness tree: lines are
 * added without touching the state of the vault.
 */
export class AuditChain {
  #last: { readonly body: Uint8Array; readonly head: Head } | undefined
  #mark: AuditMark | undefined
  readonly #opened = new Recent<readonly AuditLine[]>(maxKept)

  constructor(
    private readonly database: Database,
    private readonly sealing: Sealing,
  ) {}

  /**
   * Adds lines, and drops the oldest where there are too many. Where the end of the log is missing, damaged
   * or older than the vault's state knows, it begins anew, and its first line says so.
   * @param mark what the state knows
   */
  append(lines: readonly NewAuditLine[], mark: AuditMark | undefined, now: EpochMs): void {
    if (lines.length === 0) return
    if (!hasAuditTable(this.database)) createAuditTable(this.database)
    const known = this.#fittingHead(mark)
    const all = known === 'damaged' ? [restartLine(now), ...lines] : lines
    let head = known === 'damaged' || known === undefined ? this.#begin(mark, now) : known
    for (let at = 0; at < all.length; at += maxBatchLines) {
      head = this.#add(head, all.slice(at, at + maxBatchLines))
    }
    this.#writeHead(this.#dropOld(head, now))
  }

  /** Adds lines of another log of this vault under their own numbers, which go on from {@link next}. */
  carry(lines: readonly AuditLine[], now: EpochMs): void {
    const [oldest] = lines
    if (oldest === undefined) return
    if (!hasAuditTable(this.database)) createAuditTable(this.database)
    const head = this.#head() ?? beginAt(oldest.number, oldest.at)
    this.#writeHead(this.#dropOld(this.#add(head, lines), now))
  }

  /** Lines at and behind a number, as many as a batch holds. @throws CoffretError `corrupt` */
  linesFrom(number: number): AuditLine[] {
    const [last] = this.batchesBefore(number + 1, 1)
    const found: AuditLine[] = []
    for (const batch of this.batchesFrom(last?.first ?? number, maxBatchLines)) {
      found.push(...this.open(batch).filter((line) => line.number >= number))
      if (found.length >= maxBatchLines) break
    }
    return found.slice(0, maxBatchLines)
  }

  /** What the state is to know after this transaction; it is given once. */
  takeMark(): AuditMark | undefined {
    const mark = this.#mark
    this.#mark = undefined
    return mark
  }

  /** Batches whose first line comes before a number, the latest first. @throws CoffretError `corrupt` */
  batchesBefore(number: number, limit: number): SealedBatch[] {
    if (!hasAuditTable(this.database)) return []
    return this.database
      .all(
        'SELECT id, body FROM audit WHERE id > 0 AND id < ? ORDER BY id DESC LIMIT ?',
        number,
        limit,
      )
      .map(batchOf)
  }

  /** Batches whose first line comes at or behind a number, in their order. @throws CoffretError `corrupt` */
  batchesFrom(number: number, limit: number): SealedBatch[] {
    if (!hasAuditTable(this.database)) return []
    return this.database
      .all('SELECT id, body FROM audit WHERE id >= ? ORDER BY id LIMIT ?', number, limit)
      .map(batchOf)
  }

  /** The lines of a batch. @throws CoffretError `corrupt` */
  open({ first, body }: SealedBatch): readonly AuditLine[] {
    const key = `${first}/${toHex(body.subarray(-16))}`
    const known = this.#opened.get(key)
    if (known !== undefined) return known
    const lines = decodeBatch(first, openRow(this.sealing, placeOf(first), body))
    this.#opened.set(key, lines)
    return lines
  }

  /** Where the log ends: the number of the next line; 1 for none. @throws CoffretError `corrupt` */
  next(): number {
    return this.#head()?.next ?? 1
  }

  /** Whether the file holds the end that was written last. @throws CoffretError `corrupt` */
  endsAsWritten(): boolean {
    const body = this.#headBody()
    return body !== undefined && this.#last !== undefined && isEqual(body, this.#last.body)
  }

  /** Proves every line that is kept, from the checkpoint to the end. */
  check(mark: AuditMark | undefined): AuditCheck {
    const head = this.#fittingHead(mark)
    if (head === undefined) return { lines: 0, first: 1 }
    if (head === 'damaged') return { lines: 0, first: 1, brokenAt: mark?.next ?? 1 }
    const { first, next } = head
    const found = { lines: next - first, first }
    return this.#isProven(head, mark) ? found : { ...found, brokenAt: this.#findBreak(head) }
  }

  #isProven(head: Head, mark: AuditMark | undefined): boolean {
    let chain = head.start
    let end = head.first
    let passesMark = mark === undefined || mark.next < head.first
    let isWhole = true
    const passed = (number: number) => {
      if (mark?.next === number) passesMark = chain === mark.chain
    }
    this.#walk((batch) => {
      if (batch.first < end) isWhole = false
      passed(batch.first)
      chain = linkOf(chain, batch)
      end = batch.first + 1
    })
    passed(head.next)
    return isWhole && passesMark && chain === head.chain
  }

  /** The first line that is not followed by the next one. What only the hash tells is somewhere. */
  #findBreak(head: Head): number {
    let expected = head.first
    let broken: number | undefined
    this.#walk((batch) => {
      if (broken !== undefined) return
      const count = this.#countIn(batch)
      if (batch.first === expected && count > 0) expected += count
      else broken = expected
    })
    if (broken !== undefined) return broken
    return expected === head.next ? head.first : Math.min(expected, head.next)
  }

  #countIn(batch: SealedBatch): number {
    try {
      return this.open(batch).length
    } catch {
      return 0
    }
  }

  #walk(each: (batch: SealedBatch) => void): void {
    for (let from = 1; ;) {
      const batches = this.batchesFrom(from, rowsAtOnce)
      for (const batch of batches) each(batch)
      const last = batches.at(-1)
      if (last === undefined) return
      from = last.first + 1
    }
  }

  #add(head: Head, lines: readonly NewAuditLine[]): Head {
    const first = head.next
    const body = sealRow(this.sealing, placeOf(first), encodeBatch(lines))
    this.database.run('INSERT OR REPLACE INTO audit (id, body) VALUES (?, ?)', first, body)
    return { ...head, next: first + lines.length, chain: linkOf(head.chain, { first, body }) }
  }

  #begin(mark: AuditMark | undefined, now: EpochMs): Head {
    this.database.run('DELETE FROM audit')
    return beginAt(mark?.next ?? 1, now)
  }

  /** The batches that go are hashed into the new checkpoint: what was wrong with them stays noticed. */
  #dropOld(head: Head, now: EpochMs): Head {
    if (head.next - head.first > maxLines) {
      return this.#dropBefore(head, head.next - maxLines + linesAtOnce)
    }
    if (now - head.firstAt <= maxAgeMs) return head
    const old = this.batchesFrom(head.first, rowsAtOnce)
    const kept = old.find((batch) => now - (this.#timeOf(batch) ?? 0) <= maxAgeMs)
    // The last one stays: its hash is the chain that the next one goes on from.
    const number = kept?.first ?? old.at(-1)?.first
    return number === undefined ? head : this.#dropBefore(head, number)
  }

  #dropBefore(head: Head, number: number): Head {
    const row = this.database.get('SELECT max(id) AS id FROM audit WHERE id <= ?', number)
    const first = integer(row?.['id'])
    if (first <= head.first) return head
    let { start } = head
    this.#walk((batch) => {
      if (batch.first < first) start = linkOf(start, batch)
    })
    this.database.run('DELETE FROM audit WHERE id > 0 AND id < ?', first)
    const [oldest] = this.batchesFrom(first, 1)
    const firstAt = (oldest && this.#timeOf(oldest)) ?? head.firstAt
    return { ...head, first, start, firstAt }
  }

  /** When the first line of a batch was written; undefined for one that is damaged. */
  #timeOf(batch: SealedBatch): EpochMs | undefined {
    try {
      return this.open(batch)[0]?.at
    } catch {
      return undefined
    }
  }

  #fittingHead(mark: AuditMark | undefined): Head | 'damaged' | undefined {
    let head: Head | undefined
    try {
      head = this.#head()
    } catch (error) {
      if (error instanceof CoffretError && error.code === 'corrupt') return 'damaged'
      throw error
    }
    if (head === undefined) {
      return mark === undefined && this.batchesFrom(1, 1).length === 0 ? undefined : 'damaged'
    }
    if (mark === undefined || head.next > mark.next) return head
    return head.next === mark.next && head.chain === mark.chain ? head : 'damaged'
  }

  /** @throws CoffretError `corrupt` */
  #head(): Head | undefined {
    const body = this.#headBody()
    if (body === undefined) return undefined
    if (this.#last === undefined || Buffer.compare(this.#last.body, body) !== 0) {
      const head = decodeJson(Head, openRow(this.sealing, placeOf(0), body))
      this.#last = { body, head }
    }
    return this.#last.head
  }

  #headBody(): Uint8Array | undefined {
    if (!hasAuditTable(this.database)) return undefined
    const row = this.database.get('SELECT body FROM audit WHERE id = 0')
    return row === undefined ? undefined : blob(row['body'])
  }

  #writeHead(head: Head): void {
    const body = sealRow(this.sealing, placeOf(0), encodeJson(Head, head))
    this.database.run('INSERT OR REPLACE INTO audit (id, body) VALUES (0, ?)', body)
    this.#last = { body, head }
    this.#mark = { next: head.next, chain: head.chain }
  }
}

function beginAt(first: number, now: EpochMs): Head {
  return { next: first, first, chain: noChain, start: noChain, firstAt: now }
}

/** Where a batch belongs: under the number of its first line. 0 is the head. */
function placeOf(number: number): Place {
  const id = Buffer.alloc(recordIdBytes)
  id.writeBigUInt64BE(BigInt(number), recordIdBytes - 8)
  return { kind: 'audit', id, version: 0 }
}

function linkOf(chain: string, { first, body }: SealedBatch): string {
  const number = Buffer.alloc(8)
  number.writeBigUInt64BE(BigInt(first))
  return createHash('sha256').update(fromHex(chain)).update(number).update(body).digest('hex')
}

function batchOf(row: Readonly<Record<string, unknown>>): SealedBatch {
  return { first: integer(row['id']), body: blob(row['body']) }
}

/** The first line of a log that begins anew. */
export function restartLine(at: EpochMs): NewAuditLine {
  const nothing = { mount: '', path: '', count: 1 }
  return { at, who: { kind: 'nobody' }, what: restarted, result: 'corrupt', ...nothing }
}
