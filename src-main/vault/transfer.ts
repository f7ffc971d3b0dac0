import { CoffretError } from '../contract/errors'
import { maxPathBytes } from '../contract/model'
import { moveTime } from '../kv/move-rules'
import type { TransferRequest } from '../kv/secret-store'
import { fromHex } from '../crypto/bytes'
import { idBytes, idText, type SecretRow } from './names'
import { readData, readSecret, writeData, writeSecret } from './secret-records'
import type { StoreTransaction } from './store-transaction'

/**
 * Renames or copies within a mount. A rename changes one row, whatever lies below; a copy seals every
 * version anew.
 * @throws CoffretError `not_found`, `exists`, `invalid` for a folder into itself or paths too long
 */
export function transfer(store: StoreTransaction, request: TransferRequest): void {
  const { kind, from, to, keepSource } = request
  const row = store.tree.find(kind, from)
  if (row === undefined) throw new CoffretError('not_found', `there is no ${kind} "${from}"`)
  if (kind === 'folder' && `${to}/`.startsWith(`${from}/`) && to !== from) {
    throw new CoffretError('invalid', 'a folder does not go into itself', { field: 'to' })
  }
  if (store.tree.find(kind, to) !== undefined) {
    throw new CoffretError('exists', `there is a ${kind} "${to}"`)
  }
  if (kind === 'folder') checkPathsBelow(store, request)
  if (keepSource) {
    copy(store, request)
    return
  }
  // The new place first: folders that both paths share stay.
  const movedAt = moveTime(store.tree.lastMove(from, row), store.now)
  store.tree.put(to, { ...row, movedAt })
  store.tree.remove(kind, from)
}

function checkPathsBelow(store: StoreTransaction, { from, to }: TransferRequest): void {
  const longer = Buffer.byteLength(to) - Buffer.byteLength(from)
  if (longer <= 0) return
  for (const { path } of store.tree.walk(from)) {
    if (Buffer.byteLength(path) + longer > maxPathBytes) {
      const problem = `a path below would exceed ${maxPathBytes} bytes`
      throw new CoffretError('invalid', problem, { field: 'to' })
    }
  }
}

function copy(store: StoreTransaction, { kind, from, to }: TransferRequest): void {
  if (kind === 'secret') {
    const row = store.tree.find('secret', from)
    if (row !== undefined) copySecret(store, row, to)
    return
  }
  // Collected first: the walk must not meet what the copy adds.
  for (const { path, row } of [...store.tree.walk(from)]) {
    copySecret(store, row, to + path.slice(from.length))
  }
}

/** A copy lies where it is made. */
function copySecret(
  { records, tree }: StoreTransaction,
  { movedAt: _, ...row }: SecretRow,
  to: string,
): void {
  const source = idBytes(row)
  const id = idText(records.newId())
  const metadata = readSecret(records, row)
  const metadataTag = writeSecret(records, fromHex(id), metadata)
  for (const { version, destroyed } of metadata.versions) {
    if (!destroyed) writeData(records, fromHex(id), version, readData(records, source, version))
  }
  tree.put(to, { ...row, id, metadataTag })
}
