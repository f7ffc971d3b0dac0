import { createHash } from 'node:crypto'
import { z } from 'zod'
import { DomainId, DomainMount } from '../contract/domain'
import { EpochMs, MountName, SecretPath, VersionState, type SecretSummary } from '../contract/model'
import type { KnownList, KnownListHead } from '../kv/list-shelf'
import { decodeJson, encodeJson } from './cells'
import { recordIdBytes, type Place, type Records } from './records'

/** How many secrets one record holds: some 40 kB, of which a change seals anew what it must. */
export const rowsInRecord = 500

const count = z.number().int().min(0)

/** Which lists a domain has, and in how many records each lies. */
const SavedIndex = z.strictObject({
  part: z.literal('index'),
  domain: DomainId,
  lists: z
    .array(z.strictObject({ mount: DomainMount, listedAt: EpochMs, count, parts: count }))
    .max(1000),
})

/** Path, current version, state, time of change; null for what the server does not tell. */
const SavedRow = z.tuple([
  SecretPath,
  count.nullable(),
  VersionState.nullable(),
  EpochMs.nullable(),
])

/** Secrets of one list; `number` counts from 1. */
const SavedRows = z.strictObject({
  part: z.literal('rows'),
  domain: DomainId,
  mount: MountName,
  number: count.min(1),
  rows: z.array(SavedRow).max(rowsInRecord),
})

const Saved = z.discriminatedUnion('part', [SavedIndex, SavedRows])
type Saved = z.infer<typeof Saved>
type IndexedList = z.infer<typeof SavedIndex>['lists'][number]

/** What is said of the lists of a domain. @throws CoffretError `corrupt` */
export function readHeads(records: Records, domain: DomainId): readonly KnownListHead[] {
  return readIndex(records, domain).map(({ parts: _parts, ...head }) => head)
}

/** @throws CoffretError `corrupt` */
export function readList(
  records: Records,
  domain: DomainId,
  name: MountName,
): KnownList | undefined {
  const found = readIndex(records, domain).find(({ mount }) => mount.name === name)
  if (found === undefined) return undefined
  const { mount, listedAt, parts } = found
  const rows = Array.from({ length: parts }, (_, at) => {
    const text = records.get(placeOf(domain, name, at + 1))
    return decodeJson(SavedRows, text).rows.map(summaryOf)
  })
  return { mount, listedAt, rows: rows.flat() }
}

/** Replaces the list of a mount. @throws CoffretError `corrupt` */
export function writeList(records: Records, domain: DomainId, list: KnownList): void {
  const { mount, listedAt, rows } = list
  const index = readIndex(records, domain)
  const before = index.find((one) => one.mount.name === mount.name)?.parts ?? 0
  const parts = Math.ceil(rows.length / rowsInRecord)
  for (let number = 1; number <= parts; number += 1) {
    const some = rows.slice((number - 1) * rowsInRecord, number * rowsInRecord).map(rowOf)
    const saved = { part: 'rows', domain, mount: mount.name, number, rows: some } as const
    records.put(placeOf(domain, mount.name, number), encodeJson(SavedRows, saved))
  }
  for (let number = parts + 1; number <= before; number += 1) {
    records.remove(placeOf(domain, mount.name, number))
  }
  const others = index.filter((one) => one.mount.name !== mount.name)
  const lists = [...others, { mount, listedAt, count: rows.length, parts }]
  records.put(placeOf(domain), encodeJson(SavedIndex, { part: 'index', domain, lists }))
}

/** Erases the lists of a domain. @throws CoffretError `corrupt` */
export function eraseLists(records: Records, domain: DomainId): void {
  for (const { mount, parts } of readIndex(records, domain)) {
    for (let number = 1; number <= parts; number += 1) {
      records.remove(placeOf(domain, mount.name, number))
    }
  }
  records.remove(placeOf(domain))
}

/** How many lists there are. @throws CoffretError `corrupt` when a part of one is damaged or missing */
export function countLists(records: Records): number {
  const domains = savedIn(records).flatMap((one) => (one.part === 'index' ? [one.domain] : []))
  const lists = domains.flatMap((domain) =>
    readIndex(records, domain).map(({ mount }) => readList(records, domain, mount.name)),
  )
  return lists.length
}

/** Makes these the lists of a vault, in the place of those that it has. @param texts their records */
export function replaceLists(records: Records, texts: readonly Uint8Array[]): void {
  for (const one of savedIn(records)) records.remove(placeOfSaved(one))
  for (const text of texts) records.put(placeOfSaved(decodeJson(Saved, text)), text)
}

function readIndex(records: Records, domain: DomainId): readonly IndexedList[] {
  const text = records.find(placeOf(domain))
  return text === undefined ? [] : decodeJson(SavedIndex, text).lists
}

function savedIn(records: Records): Saved[] {
  return records.all('listing').map((text) => decodeJson(Saved, text))
}

function rowOf({
  path,
  currentVersion,
  state,
  updatedAt,
}: SecretSummary): z.infer<typeof SavedRow> {
  return [path, currentVersion ?? null, state ?? null, updatedAt ?? null]
}

function summaryOf([path, version, state, at]: z.infer<typeof SavedRow>): SecretSummary {
  return {
    path,
    ...(version === null ? {} : { currentVersion: version }),
    ...(state === null ? {} : { state }),
    ...(at === null ? {} : { updatedAt: at }),
  }
}

function placeOfSaved(saved: Saved): Place {
  return saved.part === 'index'
    ? placeOf(saved.domain)
    : placeOf(saved.domain, saved.mount, saved.number)
}

/** Derived, so that they lie anywhere among the others. Without a mount: where the index lies. */
function placeOf(domain: DomainId, mount = '', number = 0): Place {
  const text = `coffret/1/listing/${domain}/${mount}/${number}`
  const hash = createHash('sha256').update(text).digest()
  return { kind: 'listing', id: new Uint8Array(hash).slice(0, recordIdBytes), version: 0 }
}
