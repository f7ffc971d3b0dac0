import { createHash } from 'node:crypto'
import { z } from 'zod'
import { WorkId } from '../contract/compare-calls'
import { EpochMs, FolderPath, SecretPath, StoreId } from '../contract/model'
import { uint32Bytes } from '../crypto/bytes'
import type { CopyJob, CopyNotes } from '../kv/copy-journal'
import { decodeJson, encodeJson } from './cells'
import { recordIdBytes, type Place, type Records } from './records'
import type { VaultTransaction } from './unlocked-vault'

const folder = z.strictObject({ store: StoreId, path: FolderPath })

/** How a copy was begun. The file keeps its own form, whatever the window's calls become. */
const SavedJob = z.strictObject({
  part: z.literal('job'),
  id: WorkId,
  order: z.strictObject({
    kind: z.enum(['secret', 'folder']),
    from: folder,
    to: folder,
    policy: z.strictObject({
      versions: z.enum(['latest', 'all']),
      conflicts: z.enum(['skip', 'newVersion', 'rename']),
      settings: z.boolean(),
      move: z.boolean(),
      acceptLoss: z.boolean(),
    }),
  }),
  mirrors: z.boolean(),
  startedAt: EpochMs,
})

const count = z.number().int().min(0)

/** What was added to a journal at once; `number` counts from 1. */
const SavedNotes = z.strictObject({
  part: z.literal('notes'),
  id: WorkId,
  number: count.min(1).max(0xffff_ffff),
  /** From, to, the version of the target before, that of the source. */
  started: z.array(z.tuple([SecretPath, SecretPath, count, count]).readonly()),
  done: z.array(z.tuple([SecretPath, z.enum(['copied', 'moved', 'kept'])]).readonly()),
})

const Saved = z.discriminatedUnion('part', [SavedJob, SavedNotes])
type Saved = z.infer<typeof Saved>

/** A journal as it is in the vault. */
export interface SavedJournal {
  readonly job: CopyJob
  readonly notes: CopyNotes
  /** Of its last notes; 0 when there are none. */
  readonly lastNumber: number
}

/** Every journal. Notes without the job that they are of mean nothing. @throws CoffretError `corrupt` */
export function readJournals({ records }: VaultTransaction): readonly SavedJournal[] {
  const all = savedIn(records)
  return all.flatMap((one) => {
    if (one.part !== 'job') return []
    const { id, order, mirrors, startedAt } = one
    const job = { id, order, mirrors, startedAt }
    const notes = all
      .filter((other) => other.part === 'notes')
      .filter(({ id }) => id === job.id)
      .sort((a, b) => a.number - b.number)
    const lastNumber = notes.at(-1)?.number ?? 0
    return [{ job, notes: unite(notes), lastNumber }]
  })
}

function unite(notes: readonly Extract<Saved, { part: 'notes' }>[]): CopyNotes {
  return {
    started: notes.flatMap(({ started }) =>
      started.map(([from, to, base, sourceVersion]) => ({ from, to, base, sourceVersion })),
    ),
    done: notes.flatMap(({ done }) => done.map(([from, outcome]) => ({ from, outcome }))),
  }
}

/** Writes how a copy begins, inside a transaction. */
export function writeJob({ records }: VaultTransaction, job: CopyJob): void {
  records.put(placeOf(job.id, 0), encodeJson(SavedJob, { part: 'job', ...job }))
}

/** Adds notes to a journal, inside a transaction. */
export function writeNotes(
  { records }: VaultTransaction,
  id: WorkId,
  number: number,
  { started, done }: CopyNotes,
): void {
  const saved = encodeJson(SavedNotes, {
    ...{ part: 'notes', id, number },
    started: started.map((one) => [one.from, one.to, one.base, one.sourceVersion] as const),
    done: done.map(({ from, outcome }) => [from, outcome] as const),
  })
  records.put(placeOf(id, number), saved)
}

/** Whether a journal of this name is there. @throws CoffretError `corrupt` */
export function hasJournal({ records }: VaultTransaction, id: WorkId): boolean {
  return records.find(placeOf(id, 0)) !== undefined
}

/** Erases a journal, inside a transaction. @throws CoffretError `corrupt` */
export function eraseJournal({ records }: VaultTransaction, id: WorkId): void {
  for (const one of savedIn(records)) if (one.id === id) records.remove(placeOfSaved(one))
}

/** How many journals there are. @throws CoffretError `corrupt` when a part of one is damaged */
export function countJournals(records: Records): number {
  return savedIn(records).filter(({ part }) => part === 'job').length
}

/** Makes these the journals of a vault, in the place of those that it has. @param texts their records */
export function replaceJournals({ records }: VaultTransaction, texts: readonly Uint8Array[]): void {
  for (const one of savedIn(records)) records.remove(placeOfSaved(one))
  for (const text of texts) records.put(placeOfSaved(decodeJson(Saved, text)), text)
}

function savedIn(records: Records): Saved[] {
  return records.all('copy').map((text) => decodeJson(Saved, text))
}

function placeOfSaved(saved: Saved): Place {
  return placeOf(saved.id, saved.part === 'job' ? 0 : saved.number)
}

/** Derived from the random id of the copy and a number, so that they lie anywhere among the others. */
function placeOf(id: WorkId, number: number): Place {
  const hash = createHash('sha256')
  hash.update('coffret/1/copy/').update(id.replaceAll('-', ''), 'hex').update(uint32Bytes(number))
  return { kind: 'copy', id: new Uint8Array(hash.digest()).slice(0, recordIdBytes), version: 0 }
}
