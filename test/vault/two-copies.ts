import { copyFileSync } from 'node:fs'
import { expect, onTestFinished } from 'vitest'
import { SecretData, SecretPath, type MountName } from '../../src-main/contract/model'
import { systemRandom } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'
import { StandingClock, newVault, passphrase, secretMount } from './new-vault'

export const at = (path: string) => SecretPath.parse(path)
export const dataOf = (value: string) => SecretData.parse(JSON.stringify({ value }))

/** What {@link twoCopies} gives. */
export type Copies = Awaited<ReturnType<typeof twoCopies>>

/** A vault, filled, then copied as a sync tool does; each copy with a clock of its own. */
export async function twoCopies(
  fill: (vault: LocalVault) => Promise<void> = async () => undefined,
) {
  const { vault: base, file, clock } = await newVault()
  await fill(base)
  base.close()
  const open = (name: string, time: StandingClock) => {
    const copy = file.replace('test.coffret', `${name}.coffret`)
    copyFileSync(file, copy)
    return unlocked(copy, time)
  }
  const [aClock, bClock] = [
    new StandingClock(clock.now() + 1001),
    new StandingClock(clock.now() + 1002),
  ]
  const a = await open('a', aClock)
  const b = await open('b (conflicted copy)', bClock)
  return { a, b, aClock, bClock }
}

/** Writes a value at a path. */
export async function put(
  vault: LocalVault,
  path: string,
  value: string,
  mount: MountName = secretMount,
): Promise<void> {
  await vault.store(mount).write(at(path), { mode: 'upsert', data: dataOf(value) })
}

/** Merges another file into a vault, or tells what that would do. */
export async function mergeInto(vault: LocalVault, file: string, apply = true) {
  return vault.run('merge', { file, vaultId: vault.id, apply })
}

/** Merges each of the two into a copy of the other one. */
export async function bothWays({ a, b }: Copies) {
  const [own, other] = [await again(a), await again(b)]
  const reports = [await mergeInto(own, b.file), await mergeInto(other, a.file)] as const
  return { ab: own, ba: other, reports }
}

/** Merges both ways, sees that the two are equal and stay so, and gives one of them. */
export async function merged(copies: Copies) {
  const { ab, ba, reports } = await bothWays(copies)
  const content = await contentOf(ab)
  expect(await contentOf(ba)).toEqual(content)
  const nothing = { added: 0, changed: 0, moved: 0, versions: 0, beside: 0, drafts: 0 }
  for (const file of [copies.a.file, copies.b.file, ba.file]) {
    expect(await mergeInto(ab, file)).toMatchObject(nothing)
    expect(await contentOf(ab)).toEqual(content)
  }
  return { vault: ab, report: reports[0] }
}

/** Moves what is at a path to another one. */
export async function rename(
  vault: LocalVault,
  from: string,
  to: string,
  kind: 'secret' | 'folder',
): Promise<void> {
  const request = { from: at(from), to: at(to), kind, keepSource: false }
  await vault.store(secretMount).transfer(request)
}

/** Another copy of a vault's file, unlocked. */
export async function again(vault: LocalVault): Promise<LocalVault> {
  const copy = `${vault.file}.${String(copies++)}.coffret`
  copyFileSync(vault.file, copy)
  return unlocked(copy, new StandingClock(1_700_000_100_000))
}
let copies = 0

/** A vault file, unlocked. */
export async function unlocked(file: string, clock: StandingClock): Promise<LocalVault> {
  const vault = LocalVault.open({ file, clock, random: systemRandom, busyTimeoutMs: 50 })
  onTestFinished(() => vault.close())
  await vault.unlockWithPassphrase(passphrase)
  return vault
}

/** Everything that people can see of a vault. */
export async function contentOf(vault: LocalVault): Promise<unknown> {
  const mounts = await vault.mounts.list()
  const content: Record<string, unknown> = {}
  for (const { name, version, description } of mounts) {
    const store = vault.store(name)
    const { items } = await store.listAll()
    const secrets: Record<string, unknown> = {}
    for (const { path } of items) {
      if (version === 1) secrets[path] = (await store.readVersion(path)).data
      else secrets[path] = await versionsOf(vault, name, path)
    }
    const bin = await store.bin().list()
    content[name] = { version, description, secrets, bin }
  }
  return { content, drafts: vault.drafts.list() }
}

async function versionsOf(vault: LocalVault, mount: MountName, path: SecretPath) {
  const store = vault.store(mount)
  const metadata = await store.readMetadata(path)
  const versions = []
  for (const { version } of metadata.versions) versions.push(await store.readVersion(path, version))
  return { metadata, versions }
}

/** The paths of a mount. */
export async function pathsOf(
  vault: LocalVault,
  mount: MountName = secretMount,
): Promise<string[]> {
  return (await vault.store(mount).listAll()).items.map(({ path }) => String(path))
}

/** The values of a secret's versions, `-` for one that is not active. */
export async function valuesOf(vault: LocalVault, path: string, mount: MountName = secretMount) {
  const { versions } = await vault.store(mount).readMetadata(at(path))
  const values = []
  for (const { version } of versions) {
    const { data } = await vault.store(mount).readVersion(at(path), version)
    values.push(data === undefined ? '-' : (JSON.parse(data) as { value: string }).value)
  }
  return values
}
