import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { MountName, SecretData, SecretPath } from '../../src-main/contract/model'
import type { SecretStore } from '../../src-main/kv/secret-store'
import { passphraseOf } from '../vault/fixture-content'
import { newVault, passphrase, secretMount } from '../vault/new-vault'
import { at, dataOf, mergeInto, put, twoCopies } from '../vault/two-copies'
import { pythonEnvironment } from './python-environment'

const inVault = (name: string) => fileURLToPath(new URL(`../vault/${name}`, import.meta.url))
const fixture = inVault('fixtures/format-1.coffret')
let python: string

/** The reader's libraries, in an environment of their own. */
beforeAll(() => {
  python = pythonEnvironment('vault-reader', inVault('requirements.txt'))('python')
}, 300_000)

interface ReadSecret {
  readonly metadata: { readonly currentVersion: number }
  readonly data: Readonly<Record<string, string>>
}
interface ReadVault {
  readonly mounts: Record<string, Record<'secrets' | 'bin', Record<string, ReadSecret>>>
  readonly drafts: readonly { readonly path: string }[]
}

/** What the reader finds, which was written from FORMAT.md alone. */
function readWithPython(file: string, words: Uint8Array): ReadVault {
  const input = Buffer.concat([words, Buffer.from('\n')])
  const environment = { ...process.env, PYTHONIOENCODING: 'utf-8', PYTHONUTF8: '1' }
  const options = { input, env: environment, maxBuffer: 64 * 1024 * 1024 }
  return JSON.parse(
    execFileSync(python, [inVault('read_vault.py'), file], options).toString('utf8'),
  ) as ReadVault
}

test('V-02: a reader of 250 lines at most, written from FORMAT.md, opens the fixture', () => {
  const { mounts, drafts } = readWithPython(fixture, passphraseOf())
  expect(Object.keys(mounts).sort()).toEqual(['kv', 'secret'])
  const secrets = mounts['secret']!.secrets
  expect(Object.keys(secrets)).toEqual(['big', 'prod/database/MySQL', 'prod/Ünïcode 🔑'])
  expect(secrets['prod/database/MySQL']?.data).toEqual({
    2: '{"login":"admin","n":2,"exact":1.0,"big":123456789012345678901}',
    3: '{"login":"admin","n":3,"exact":1.0,"big":123456789012345678901}',
    4: '{"login":"admin","n":4,"exact":1.0,"big":123456789012345678901}',
  })
  expect(Object.keys(mounts['secret']!.bin)).toEqual(['old/deleted'])
  expect(mounts['kv']!.secrets['plain']?.data).toEqual({ 1: '{"ttl":"1h"}' })
  expect(drafts.map(({ path }) => path)).toEqual(['unsaved'])
})

test('V-02: it reads a vault that was merged, with versions that got another number', async () => {
  const copies = await twoCopies((vault) => put(vault, 'a', 'base'))
  const settings = { customMetadata: [['owner', 'ann']] } as const
  await copies.a.store(secretMount).write(at('a'), { mode: 'update', settings })
  await put(copies.a, 'a', 'a')
  await put(copies.b, 'a', 'b')
  await mergeInto(copies.b, copies.a.file)
  const { secrets } = readWithPython(copies.b.file, passphrase).mounts['secret']!
  expect(Object.values(secrets['a']?.data ?? {})).toEqual(['base', 'a', 'b'].map(dataOf))
  const { customMetadata, customMetadataTimes } = await copies.b
    .store(secretMount)
    .readMetadata(at('a'))
  expect(secrets['a']?.metadata).toMatchObject({ customMetadata, customMetadataTimes })
})

test('V-02: it refuses a wrong passphrase', () => {
  const wrong = () => readWithPython(fixture, new TextEncoder().encode('wrong'))
  expect(wrong).toThrow(/opens no key slot/)
})

test('V-02: it reads what this engine writes today', async () => {
  const { vault, file } = await newVault()
  const store: SecretStore = vault.store(MountName.parse('secret'))
  for (let n = 0; n < 300; n += 1) {
    const data = SecretData.parse(JSON.stringify({ n, filler: 'é'.repeat(n * 7) }))
    await store.write(SecretPath.parse(`f${n % 20}/s${n % 90}`), { mode: 'upsert', data })
  }
  await store.transfer({
    kind: 'folder',
    from: SecretPath.parse('f3'),
    to: SecretPath.parse('moved/here'),
    keepSource: false,
  })
  await store.remove(SecretPath.parse('f1/s1'))
  const { items } = await store.listAll()
  const { secrets } = readWithPython(file, passphrase).mounts['secret']!
  expect(Object.keys(secrets).sort()).toEqual(items.map(({ path }) => path as string).sort())
  for (const { path, currentVersion } of items) {
    const { data } = await store.readVersion(path)
    expect(secrets[path]?.data[String(currentVersion)]).toBe(data)
  }
})
