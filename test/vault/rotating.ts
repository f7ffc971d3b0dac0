import { expect, onTestFinished } from 'vitest'
import { MountName, VersionNumber } from '../../src-main/contract/model'
import { toHex } from '../../src-main/crypto/bytes'
import { systemRandom as random, type RandomBytes } from '../../src-main/env'
import { Database } from '../../src-main/vault/database'
import { performJob, type JobRunner } from '../../src-main/vault/jobs/jobs'
import { LocalVault } from '../../src-main/vault/local-vault'
import type { VaultOptions } from '../../src-main/vault/vault-options'
import { LocalKeys } from '../../src-main/vault/keys/local-keys'
import { walkRows } from '../../src-main/vault/check/row-walk'
import { UnlockedVault, wipeKeys } from '../../src-main/vault/unlocked-vault'
import { StandingClock, kvMount, newVault, passphrase, secretMount } from './new-vault'
import { reading } from './raw-file'
import { at, put } from './two-copies'

export const proof = () => ({ kind: 'passphrase', passphrase: passphrase.slice() }) as const

/** What a rotation is given: the passphrase, and fresh words, which it returns too. */
export function request(vault: LocalVault) {
  const words = vault.keys.newRecoveryWords().join(' ')
  return { proof: proof(), words }
}

/** Every row of a vault in plain, but for what is of the file itself: state, key slots, and tags. */
export async function contentOf(vault: Pick<LocalVault, 'id' | 'file'>): Promise<string[]> {
  const clock = new StandingClock()
  const database = Database.open(vault.file, 50)
  const context = { database, vaultId: vault.id, clock, random }
  const keys = await new LocalKeys(context, () => {
    throw new Error('it is not needed')
  }).open(proof())
  const rows: string[] = []
  const onDamage = () => {
    throw new Error('a page is damaged')
  }
  try {
    const opened = UnlockedVault.enter(database, vault.id, keys, { clock, random })
    walkRows({
      slice: (after, limit) =>
        opened.read(({ names }) =>
          names.slice(after, limit).map((one) => ({ ...one, row: names.openSlice(one) })),
        ),
      each: ({ parent, row }) =>
        rows.push(`name ${toHex(parent)} ${JSON.stringify({ ...row, metadataTag: '' })}`),
      onDamage,
    })
    walkRows({
      slice: (after, limit) =>
        opened.read(({ records }) =>
          records.slice(after, limit).map((one) => {
            const text = records.openSlice(one)
            return { ...one, text, isHeld: records.isHeld(one.id, one.version) }
          }),
        ),
      each: ({ kind = '', id, version, text, isHeld }) => {
        if (kind === 'slots') return
        // The id of a draft is an opaque name.
        const place = kind === 'draft' ? '' : `${toHex(id)} ${version}`
        const held = isHeld ? 'held ' : ''
        rows.push(`${kind} ${held}${place} ${Buffer.from(text).toString()}`)
      },
      onDamage,
    })
  } finally {
    wipeKeys(keys)
    database.close()
  }
  return rows.sort()
}

/** Every sealed body of a file, and every opaque name. */
export function sealedIn(file: string): Set<string> {
  const rows = reading(file)
  const hex = (sql: string) => rows(sql).map(({ cell }) => toHex(cell as Uint8Array))
  return new Set([
    ...hex('SELECT body AS cell FROM names'),
    ...hex('SELECT name AS cell FROM names'),
    ...hex('SELECT body AS cell FROM records'),
    ...hex('SELECT body AS cell FROM state'),
  ])
}

/** Ends a job at its step of this number, as a crash would: nothing of this process tidies up in the file. */
export class EndingJobs {
  /** Steps until the end; never when undefined. */
  endAt: number | undefined
  /** Called at each step. */
  onStep: (step: number) => void = () => undefined
  steps = 0
  /** Called before each row of the new file is sealed: nobody has a transaction of the old one then. */
  onSeal: () => void = () => undefined

  readonly run: JobRunner = async (order) => {
    const isCancelled = () => {
      this.steps += 1
      this.onStep(this.steps)
      return this.steps === this.endAt
    }
    const sealing: RandomBytes = (length) => {
      this.onSeal()
      return random(length)
    }
    const environment = { clock: new StandingClock(), random: sealing }
    return performJob(order, { onProgress: () => undefined, isCancelled }, environment)
  }
}

/** A new vault whose jobs end when told. */
export async function endingVault(more: Partial<VaultOptions> = {}, place?: string) {
  const { vault, file, options, recoveryWords } = await newVault(place)
  vault.close()
  const jobs = new EndingJobs()
  const own: VaultOptions = { ...options, jobs: jobs.run, ...more }
  const open = async () => {
    const opened = LocalVault.open(own)
    onTestFinished(() => opened.close())
    await opened.unlockWithPassphrase(passphrase)
    return opened
  }
  return { vault: await open(), open, file, jobs, recoveryWords, options: own }
}

/** Something of everything that a vault may hold. */
export async function fill(vault: LocalVault): Promise<void> {
  const store = vault.store(secretMount)
  for (const n of [1, 2, 3]) await put(vault, 'prod/db', `value ${n}`)
  await put(vault, 'prod/web', 'value')
  await put(vault, 'old', 'value')
  await store.setState(at('prod/db'), [VersionNumber.parse(1)], 'deleted')
  await store.setState(at('prod/db'), [VersionNumber.parse(2)], 'deactivated')
  const customMetadata = [['owner', 'ops']] as const
  await store.write(at('prod/web'), { mode: 'update', settings: { customMetadata } })
  await store.bin().discard({ kind: 'secret', path: at('old') })
  await store.writeConfig({ maxVersions: 7 })
  await vault.mounts.enable({
    name: MountName.parse('team'),
    version: 2,
    description: 'of the team',
  })
  await put(vault, 'x', 'value', MountName.parse('team'))
  await put(vault, 'plain', 'value', kvMount)
  vault.drafts.keep({ store: store.id, path: 'unsaved', baseVersion: 0, text: '{"half":' })
}

/** Everything in the vault is sound. */
export async function expectWhole(vault: LocalVault): Promise<void> {
  expect(await vault.run('verify', undefined)).toMatchObject({ problemCount: 0 })
}
