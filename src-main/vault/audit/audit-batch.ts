import { z } from 'zod'
import {
  AuditResult,
  type AuditLine,
  type AuditPeer,
  type AuditWho,
} from '../../contract/audit-line'
import { CoffretError } from '../../contract/errors'
import { EpochMs } from '../../contract/model'
import type { NewAuditLine } from '../../kv/audit-log'
import { decodeJson, encodeJson } from '../cells'

/** How many lines one batch holds at most: opening one then takes a fraction of a millisecond. */
export const maxBatchLines = 256

/** How many numbers a line is. */
const columns = 7

const number = z.number().int().min(0)

/** Lines in a compact form: what repeats stands once, and a line is numbers that point at it. */
const Batch = z.strictObject({
  at: EpochMs,
  who: z.array(
    z.union([
      z.tuple([z.enum(['window', 'nobody'])]),
      z.tuple([z.enum(['token', 'certificate', 'program']), z.string(), z.string()]),
    ]),
  ),
  peers: z.array(
    z.union([z.tuple([]), z.tuple([z.string(), number.nullable(), number.nullable()])]),
  ),
  what: z.array(z.string()),
  /** Mount, path, and the path that a recovery is from. */
  places: z.array(z.tuple([z.string(), z.string(), z.string().optional()])),
  results: z.array(AuditResult),
  /** For each line: milliseconds behind `at`, who, peer, what, place, result, count. */
  lines: z.array(z.number().int()),
})
type Batch = z.infer<typeof Batch>

/** Things that repeat, each once, in the order of their first coming. */
class Table<T> {
  readonly items: T[] = []
  readonly #places = new Map<string, number>()

  /** @param key tells the item from others */
  place(key: string, make: () => T): number {
    const known = this.#places.get(key)
    if (known !== undefined) return known
    this.#places.set(key, this.items.length)
    return this.items.push(make()) - 1
  }
}

/** The text of a batch. @param lines 1 to {@link maxBatchLines} */
export function encodeBatch(lines: readonly NewAuditLine[]): Uint8Array {
  const at = lines[0]?.at ?? EpochMs.parse(0)
  const who = new Table<Batch['who'][number]>()
  const peers = new Table<Batch['peers'][number]>()
  const what = new Table<string>()
  const places = new Table<Batch['places'][number]>()
  const results = new Table<AuditResult>()
  const numbers = lines.flatMap((line) => [
    line.at - at,
    who.place(keyOfWho(line.who), () => cellsOfWho(line.who)),
    peers.place(keyOfPeer(line.peer), () => cellsOfPeer(line.peer)),
    what.place(line.what, () => line.what),
    places.place(JSON.stringify(cellsOfPlace(line)), () => cellsOfPlace(line)),
    results.place(String(line.result), () => line.result),
    line.count,
  ])
  return encodeJson(Batch, {
    ...{ at, who: who.items, peers: peers.items, what: what.items },
    ...{ places: places.items, results: results.items, lines: numbers },
  })
}

/** The lines of a batch, with their numbers. @param first that of its first line @throws CoffretError `corrupt` */
export function decodeBatch(first: number, text: Uint8Array): AuditLine[] {
  const batch = decodeJson(Batch, text)
  const { lines } = batch
  const who = batch.who.map(whoOf)
  const peers = batch.peers.map(peerOf)
  if (lines.length === 0 || lines.length % columns !== 0) throw unreadable()
  const found: AuditLine[] = []
  for (let at = 0; at < lines.length; at += columns) {
    const item = <T>(table: readonly T[], column: number): T => {
      const one = table[lines[at + column] ?? -1]
      if (one === undefined) throw unreadable()
      return one
    }
    const [mount, path, source] = item(batch.places, 4)
    const { peer } = item(peers, 2)
    found.push({
      number: first + found.length,
      at: EpochMs.parse(batch.at + (lines[at] ?? 0)),
      who: item(who, 1),
      ...(peer === undefined ? {} : { peer }),
      what: item(batch.what, 3),
      ...(source === undefined ? {} : { source }),
      ...{ mount, path, result: item(batch.results, 5), count: lines[at + 6] ?? 1 },
    })
  }
  return found
}

function unreadable(): CoffretError {
  return new CoffretError('corrupt', 'a batch of the audit log is not of this format')
}

function keyOfWho(who: AuditWho): string {
  return who.kind === 'credential' ? `${who.type}\n${who.id}\n${who.name}` : who.kind
}

function cellsOfWho(who: AuditWho): Batch['who'][number] {
  return who.kind === 'credential' ? [who.type, who.id, who.name] : [who.kind]
}

function whoOf([kind, id, name]: Batch['who'][number]): AuditWho {
  if (kind === 'window' || kind === 'nobody') return { kind }
  return { kind: 'credential', type: kind, id: id ?? '', name: name ?? '' }
}

const cellsOfPlace = ({ mount, path, source }: NewAuditLine): Batch['places'][number] =>
  source === undefined ? [mount, path] : [mount, path, source]

function keyOfPeer(peer: AuditPeer | undefined): string {
  return peer === undefined ? '' : `${peer.address}\n${peer.uid ?? ''}\n${peer.pid ?? ''}`
}

function cellsOfPeer(peer: AuditPeer | undefined): Batch['peers'][number] {
  return peer === undefined ? [] : [peer.address, peer.uid ?? null, peer.pid ?? null]
}

function peerOf([address, uid, pid]: Batch['peers'][number]): { readonly peer?: AuditPeer } {
  if (address === undefined) return {}
  const known = {
    ...(typeof uid === 'number' ? { uid } : {}),
    ...(typeof pid === 'number' ? { pid } : {}),
  }
  return { peer: { address, ...known } }
}
