import { createHash } from 'node:crypto'
import { MountName, SecretData, SecretPath } from '../../src-main/contract/model'
import { systemClock, systemRandom } from '../../src-main/env'
import { SecretKey } from '../../src-main/crypto/secret-key'
import { Database } from '../../src-main/vault/database'
import type { JobOrder } from '../../src-main/vault/jobs/jobs'
import { LocalStore } from '../../src-main/vault/local-store'
import { WriteQueue } from '../../src-main/vault/write-queue'
import { LocalVault } from '../../src-main/vault/local-vault'
import { UnlockedVault, wipeKeys } from '../../src-main/vault/unlocked-vault'

const environment = { clock: systemClock, random: systemRandom }

/** What opens every vault and database here. */
export const passphrase = 'twelve brass lanterns over the quiet harbour'

/** The mount that holds the secrets. */
export const mount = MountName.parse('secret')

/** The folder with many children. */
export const largeFolder = 'inventory'

/** How large one version's data is, in bytes. */
export const dataSize = 400

/** How many secrets {@link largeFolder} holds: 1,000, or half of a small vault. */
export function largeFolderSize(size: number): number {
  return Math.min(1000, Math.floor(size / 2))
}

/**
 * Where a secret lies: some in one large folder, the others ten to a folder, four levels deep at every
 * size, as teams keep them.
 */
export function pathOf(index: number, size: number): SecretPath {
  const large = largeFolderSize(size)
  if (index < large) return SecretPath.parse(`${largeFolder}/host-${number(index, 4)}`)
  const at = index - large
  const environment = ['production', 'staging', 'development'][Math.floor(at / 10) % 3]
  const service = Math.floor(at / 30) % 20
  const team = Math.floor(at / 600)
  const folder = `team-${number(team, 3)}/service-${number(service, 2)}/${environment}`
  return SecretPath.parse(`${folder}/credential-${number(at, 6)}`)
}

/** The fields of a secret's version; as compact JSON they are {@link dataSize} bytes. */
export function fieldsOf(index: number, version: number): Record<string, string> {
  const digest = createHash('sha256').update(`${index} ${version}`).digest('hex')
  const fields = {
    username: `service-${number(index, 6)}`,
    password: digest.slice(0, 40),
    url: `https://host-${number(index, 6)}.example.net:8443/`,
    notes: '',
  }
  const rest = dataSize - JSON.stringify(fields).length
  return { ...fields, notes: digest.repeat(Math.ceil(rest / digest.length)).slice(0, rest) }
}

/** The data of a version. */
export function dataOf(index: number, version: number): SecretData {
  return SecretData.parse(JSON.stringify(fieldsOf(index, version)))
}

/** A vault to be measured. */
export interface Fixture {
  readonly size: number
  readonly versions: number
}

/** Secrets written in one transaction. */
const batch = 1000

/**
 * Makes a vault with the default key derivation, by the calls that everybody uses. Each would wait for the
 * disk, so many of them are put into one transaction.
 * @returns the recovery words
 */
export async function makeVault(file: string, { size, versions }: Fixture): Promise<string> {
  const { vault, recoveryWords } = await LocalVault.create({
    file,
    ...environment,
    passphrase: new TextEncoder().encode(passphrase),
    jobs: async (order) => fill(order, { size, versions }),
  })
  await vault.run('prove', undefined)
  vault.close()
  return recoveryWords.join(' ')
}

/** A job, for the keys that it is given. */
async function fill(order: JobOrder, { size, versions }: Fixture): Promise<void> {
  const keys = {
    record: new SecretKey(order.keys.record),
    name: new SecretKey(order.keys.name),
    header: new SecretKey(order.keys.header),
  }
  const database = Database.openAgain(order.file, order.busyTimeoutMs)
  const vault = UnlockedVault.enter(database, order.vaultId, keys, environment)
  const store = new LocalStore(new WriteQueue(() => vault), order.vaultId, mount, 2)
  // Each operation takes part in the transaction that is begun here.
  database.read = (work) => work()
  database.write = (work) => work()
  for (let from = 0; from < size; from += batch) {
    database.execute('BEGIN IMMEDIATE')
    for (let index = from; index < Math.min(size, from + batch); index += 1) {
      for (let version = 1; version <= versions; version += 1) {
        const data = dataOf(index, version)
        await store.write(pathOf(index, size), { mode: 'upsert', data })
      }
    }
    database.execute('COMMIT')
  }
  wipeKeys(keys)
  database.close()
}

function number(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}
