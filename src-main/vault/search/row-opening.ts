import { Worker } from 'node:worker_threads'
import { CoffretError } from '../../contract/errors'
import { concatBytes, uint32Bytes } from '../../crypto/bytes'
import { SecretKey } from '../../crypto/secret-key'
import { namePlace } from '../names'
import { openRow, recordIdBytes, type Sealing } from '../records'
import type { SealedName } from './name-scan'

/** What is handed to a thread that opens rows. */
export interface OpeningStart {
  readonly kind: 'opening'
  readonly vaultId: Uint8Array
  readonly keyEpoch: number
  /** In memory that all threads share: whoever overwrites it takes the key from all. */
  readonly key: Uint8Array
}

/** Texts of rows, undefined for a row that does not open. */
export type Opened = readonly (Uint8Array | undefined)[]

/** A second thread that opens rows, so that reading all names of a vault takes half the time. */
export interface RowOpener {
  /** It takes a moment to start; nobody should wait for that. */
  readonly isReady: boolean
  /** Answers come in the order of the questions. @throws CoffretError `storage` when the thread is gone */
  open(rows: readonly SealedName[]): Promise<Opened>
  close(): void
}

/** Stands for a row that does not open. */
const damaged = 0xffffffff

/**
 * Starts a thread that opens rows. It knows no file, and can be ended at any time.
 * @param program the built `search-worker`
 */
export function startOpener(program: string, { vaultId, keyEpoch, key }: Sealing): RowOpener {
  const start: OpeningStart = { kind: 'opening', vaultId, keyEpoch, key: key.bytes }
  const worker = new Worker(program, { workerData: start })
  let isReady = false
  const waiting: { resolve(opened: Opened): void; reject(error: unknown): void }[] = []
  const end = (error: unknown) => {
    isReady = false
    for (const { reject } of waiting.splice(0)) reject(error)
  }
  worker.on('message', (packed: Uint8Array) => {
    if (isReady) waiting.shift()?.resolve(unpackTexts(packed))
    // Its first word answers nothing.
    isReady = true
  })
  worker.on('error', end)
  worker.on('exit', () => end(new CoffretError('storage', 'the thread that opens rows ended')))
  return {
    get isReady() {
      return isReady
    },
    open: (rows) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        const packed = packRows(rows)
        worker.postMessage(packed, [packed.buffer as ArrayBuffer])
      }),
    close: () => void worker.terminate(),
  }
}

/** The other end: opens what it is sent, in its own thread; its first word says that it is there. */
export function serveOpening(
  { vaultId, keyEpoch, key }: OpeningStart,
  say: (packed: Uint8Array) => void,
): (packed: Uint8Array) => void {
  const random = () => {
    throw new Error('this thread seals nothing')
  }
  const sealing: Sealing = { vaultId, keyEpoch, key: new SecretKey(key), random }
  say(new Uint8Array())
  return (packed) => say(packTexts(unpackRows(packed).map((row) => textOf(sealing, row))))
}

function textOf(sealing: Sealing, { parent, hash, body }: SealedName): Uint8Array | undefined {
  try {
    return openRow(sealing, namePlace(parent, hash), body)
  } catch (error) {
    if (error instanceof CoffretError && error.code === 'corrupt') return undefined
    throw error
  }
}

/** One message for many rows: length, parent, hash, body of each. */
function packRows(rows: readonly SealedName[]): Uint8Array {
  return concatBytes(
    ...rows.flatMap(({ parent, hash, body }) => [uint32Bytes(body.length), parent, hash, body]),
  )
}

function unpackRows(packed: Uint8Array): SealedName[] {
  const rows: SealedName[] = []
  const view = viewOf(packed)
  for (let at = 0; at < packed.length;) {
    const length = view.getUint32(at)
    const parent = at + 4
    const hash = parent + recordIdBytes
    const body = hash + recordIdBytes
    at = body + length
    rows.push({
      parent: packed.subarray(parent, hash),
      hash: packed.subarray(hash, body),
      body: packed.subarray(body, at),
    })
  }
  return rows
}

function packTexts(texts: Opened): Uint8Array {
  return concatBytes(
    ...texts.flatMap((text) =>
      text === undefined ? [uint32Bytes(damaged)] : [uint32Bytes(text.length), text],
    ),
  )
}

function unpackTexts(packed: Uint8Array): Opened {
  const texts: (Uint8Array | undefined)[] = []
  const view = viewOf(packed)
  for (let at = 0; at < packed.length;) {
    const length = view.getUint32(at)
    at += 4
    if (length === damaged) texts.push(undefined)
    else texts.push(packed.subarray(at, (at += length)))
  }
  return texts
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
