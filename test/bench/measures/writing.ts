import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { SecretPath } from '../../../src-main/contract/model'
import type { SecretStore } from '../../../src-main/kv/secret-store'
import { Database, defaultBusyTimeoutMs } from '../../../src-main/vault/database'
import { createVaultFile } from '../../../src-main/vault/vault-file'
import { dataOf, mount, pathOf } from '../fixture'
import type { Result } from '../result'
import { alternate, median, percentile, timed, type Action } from '../timing'
import { openVault, type Workplace } from '../workplace'
import { versusSmall } from './versus'

/** Steps that visit every secret of a vault in no order: prime to every size used here. */
const stride = 7919

/** The secret of a round: another each time. */
export function indexAt(round: number, size: number): number {
  return (round * stride) % size
}

/** Writes that are on the disk when they return: a version of a secret that exists, and a new secret. */
export async function measureWriting(place: Workplace): Promise<Result[]> {
  const { size, small, effort } = place.options
  const sizes = { size, small }
  const opened = await Promise.all(
    [small, size].map(async (count) => {
      const kept = await place.vault({ size: count, versions: 3 })
      return openVault({ ...kept, file: place.copy(kept.file) })
    }),
  )
  const [less, more] = opened.map((vault) => vault.store(mount)) as [SecretStore, SecretStore]
  const bare = bareDisk(place)
  // As many as a program does that runs for a while: the first hundreds still wait for Node's compiler.
  const rounds = Math.ceil(1200 * effort)
  // Each kind by itself, as programs write.
  const version = await alternate(rounds, {
    small: addVersion(less, small),
    large: addVersion(more, size),
  })
  const secret = await alternate(rounds, {
    small: addSecret(less, small),
    large: addSecret(more, size),
  })
  const compared = await alternate(rounds, { sync: bare.sync, transaction: bare.transaction })
  for (const one of [...opened, bare]) one.close()
  const goals = { atMost: 2, ratioAtMost: 1.5 }
  const p95 = (all: readonly number[]) => percentile(all, 0.95)
  return [
    ...versusSmall('write a version', 'ms', sizes, median, version, goals),
    ...versusSmall('write a version, 95 of 100', 'ms', sizes, p95, version, {}),
    ...versusSmall('write a new secret', 'ms', sizes, median, secret, goals),
    ...versusSmall('write a new secret, 95 of 100', 'ms', sizes, p95, secret, {}),
    {
      measure: 'for comparison: a bare transaction of one row',
      unit: 'ms',
      value: median(compared.transaction),
    },
    {
      measure: 'for comparison: 4 KiB to this disk (fsync)',
      unit: 'ms',
      value: median(compared.sync),
    },
  ]
}

function addVersion(store: SecretStore, size: number): Action {
  return (round) => {
    const index = indexAt(round, size)
    const [path, data] = [pathOf(index, size), dataOf(index, 4 + round)]
    return timed(() => store.write(path, { mode: 'update', data }))
  }
}

function addSecret(store: SecretStore, size: number): Action {
  return (round) => {
    const index = indexAt(round, size)
    const path = SecretPath.parse(`${pathOf(index, size)}-new-${round}`)
    const data = dataOf(index, 1)
    return timed(() => store.write(path, { mode: 'create', data }))
  }
}

/** What the disk, and SQLite as the engine sets it up, cost without the engine, at the same time. */
function bareDisk(place: Workplace): { sync: Action; transaction: Action; close: () => void } {
  const handle = openSync(place.file('bare'), 'w')
  const block = Buffer.alloc(4096, 1)
  const file = place.file('bare.sqlite')
  createVaultFile(file)
  const database = Database.onEmptyFile(file, defaultBusyTimeoutMs)
  database.execute('CREATE TABLE one (id INTEGER PRIMARY KEY, body BLOB)')
  const write = () => {
    writeSync(handle, block, 0, block.length, 0)
    fsyncSync(handle)
  }
  return {
    sync: () => timed(write),
    transaction: () =>
      timed(() =>
        database.write(() => database.run('INSERT OR REPLACE INTO one VALUES (1, ?)', block)),
      ),
    close: () => {
      closeSync(handle)
      database.close()
    },
  }
}
