import { z } from 'zod'
import { CoffretError } from '../contract/errors'
import { EpochMs } from '../contract/model'
import { tagBytes } from '../crypto/aead'
import { fromHex, toHex } from '../crypto/bytes'
import { AuditMark } from './audit/audit-mark'
import { blob, decodeJson, encodeMade, integer } from './cells'
import { isEqual } from '../crypto/derive'
import type { Database } from './database'
import type { HeaderRow } from './header'
import { onlyId, openRow, sealRow, type Place, type Sealing } from './records'

/** What every transaction reads first. */
export interface VaultState {
  /** Rises by one with every transaction that writes. */
  readonly generation: number
  /** The MAC of the header that belongs to this state: an older header does not fit. */
  readonly headerMac: Uint8Array
  /** The root of the freshness tree, 32 bytes. */
  readonly root: Uint8Array
  /** When the last transaction wrote, by the clock of its machine. */
  readonly writtenAt: EpochMs
  /** Who wrote: machines by their random names, each with the generation of its last write. */
  readonly writers: readonly (readonly [writer: string, generation: number])[]
  /** How far the audit log was when a write last carried a line; absent before the first. */
  readonly audit?: AuditMark | undefined
}

const hash = z.string().regex(/^[0-9a-f]{64}$/)

const StateBody = z.strictObject({
  generation: z.number().int().min(0),
  headerMac: hash,
  root: hash,
  writtenAt: EpochMs,
  writers: z
    .array(z.tuple([z.string().regex(/^[0-9a-f]{16}$/), z.number().int().min(1)]).readonly())
    .max(16)
    .readonly(),
  audit: AuditMark.optional(),
})

const place: Place = { kind: 'state', id: onlyId, version: 0 }

/**
 * The vault's state. The key epoch lies beside it in plain, so that a connection whose data key was
 * replaced by another process notices that instead of reporting damage.
 * @throws CoffretError `locked` when the keys were wiped or the data key was replaced; `corrupt`
 */
export function readState(database: Database, sealing: Sealing): VaultState {
  return openState(sealing, readBody(database, sealing))
}

function readBody(database: Database, sealing: Sealing): Uint8Array {
  const row = database.get('SELECT epoch, body FROM state WHERE id = 1')
  if (row === undefined) throw new CoffretError('corrupt', 'the state of the vault is missing')
  const epoch = integer(row['epoch'])
  if (epoch !== sealing.keyEpoch) {
    throw new CoffretError(
      'locked',
      `the key epoch is ${epoch}, this key is of ${sealing.keyEpoch}`,
    )
  }
  return blob(row['body'])
}

function openState(sealing: Sealing, body: Uint8Array): VaultState {
  const { headerMac, root, ...rest } = decodeJson(StateBody, openRow(sealing, place, body))
  return { ...rest, headerMac: fromHex(headerMac), root: fromHex(root) }
}

/**
 * The state, if the header is the one that it was written with: an older header put back does not fit.
 * @throws CoffretError `corrupt`, `locked`
 */
export function readFittingState(database: Database, sealing: Sealing, row: HeaderRow): VaultState {
  const state = readState(database, sealing)
  checkFits(state, row)
  return state
}

/** @throws CoffretError `corrupt` when a state was not written with this header */
export function checkFits(state: VaultState, row: HeaderRow): void {
  if (isEqual(state.headerMac, row.mac)) return
  throw new CoffretError('corrupt', 'the header of the vault is not the one of its state')
}

/**
 * Tells one state of a vault from every other, and its copies from the rest, without any key: the seal of
 * the state. @throws CoffretError `corrupt`
 */
export function stateMark(database: Database): string {
  const row = database.read(() => database.get('SELECT body FROM state WHERE id = 1'))
  if (row === undefined) throw new CoffretError('corrupt', 'the state of the vault is missing')
  return toHex(blob(row['body']).slice(-tagBytes))
}

/** Writes the state, inside a transaction. @returns what lies in the file then */
export function writeState(database: Database, sealing: Sealing, state: VaultState): Uint8Array {
  const { headerMac, root, ...rest } = state
  const made = { ...rest, headerMac: toHex(headerMac), root: toHex(root) }
  const { generation, writtenAt, audit } = made
  const text = encodeMade<typeof StateBody>(made, generation, writtenAt, audit?.next)
  const body = sealRow(sealing, place, text)
  database.run(
    'INSERT INTO state (id, epoch, body) VALUES (1, ?, ?) ' +
      'ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, body = excluded.body',
    sealing.keyEpoch,
    body,
  )
  return body
}

/** Whether a state that was written is the one that the file holds. @throws CoffretError */
export function holdsState(database: Database, written: Uint8Array | undefined): boolean {
  const row = database.get('SELECT body FROM state WHERE id = 1')
  return written !== undefined && row !== undefined && isEqual(blob(row['body']), written)
}
