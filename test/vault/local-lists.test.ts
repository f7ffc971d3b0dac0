import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DomainMount, DomainProfile } from '../../src-main/contract/domain'
import {
  MountName,
  SecretPath,
  type EpochMs,
  type SecretSummary,
} from '../../src-main/contract/model'
import { rowsInRecord } from '../../src-main/vault/list-records'
import { newVault } from './new-vault'

const profile = DomainProfile.parse({
  ...{ id: '00000000-0000-4000-8000-000000000001', label: 'a', kind: 'vault' },
  ...{ address: 'https://host.example', authorities: { kind: 'public' }, auth: 'token' },
})
const { id } = profile
const mount = DomainMount.parse({ name: 'secret', version: 2 })
const listedAt = 1_700_000_000_000 as EpochMs
const row = (n: number): SecretSummary => ({
  path: SecretPath.parse(`canary-path/${n}`),
  ...(n % 2 === 0 ? { currentVersion: n, state: 'active', updatedAt: listedAt } : {}),
})
const rowsUpTo = (count: number) => Array.from({ length: count }, (_, n) => row(n))
const failing = (code: string) => expect.objectContaining({ code }) as unknown

async function withDomain() {
  const parts = await newVault()
  parts.vault.domains.add(profile, { kind: 'token', token: 't' })
  return parts
}

test.each([0, 1, rowsInRecord - 1, rowsInRecord, rowsInRecord + 1, 3 * rowsInRecord])(
  'a list of %i secrets comes back as it was',
  async (count) => {
    const { vault } = await withDomain()
    const list = { mount, listedAt, rows: rowsUpTo(count) }
    vault.lists.write(id, list)
    expect(vault.lists.read(id, mount.name)).toEqual(list)
    expect(vault.lists.heads(id)).toEqual([{ mount, listedAt, count }])
  },
)

test('a shorter list takes the place of a longer one, and of no other mount', async () => {
  const { vault } = await withDomain()
  const other = DomainMount.parse({ name: 'kv', version: 1 })
  vault.lists.write(id, { mount, listedAt, rows: rowsUpTo(2 * rowsInRecord) })
  vault.lists.write(id, { mount: other, listedAt, rows: [row(7)] })
  vault.lists.write(id, { mount, listedAt: 5 as EpochMs, rows: [row(1)] })
  expect(vault.lists.read(id, mount.name)?.rows).toEqual([row(1)])
  expect(vault.lists.read(id, other.name)?.rows).toEqual([row(7)])
  expect((await vault.run('verify', undefined)).problems).toEqual([])
})

test('it is sealed, there after unlocking again, and goes with its domain', async () => {
  const { vault, file, unlock } = await withDomain()
  vault.lists.write(id, { mount, listedAt, rows: [row(1)] })
  vault.close()
  expect(readFileSync(file).toString('latin1')).not.toContain('canary-path')
  const again = await unlock()
  expect(again.lists.read(id, mount.name)?.rows).toEqual([row(1)])
  again.domains.remove(id)
  expect(again.lists.heads(id)).toEqual([])
  expect(again.lists.read(id, mount.name)).toBeUndefined()
})

test('no list is kept of a domain that is not there, and none is read while locked', async () => {
  const { vault } = await newVault()
  const list = { mount, listedAt, rows: [] }
  expect(() => vault.lists.write(id, list)).toThrow(failing('not_found'))
  expect(vault.lists.read(id, MountName.parse('none'))).toBeUndefined()
  vault.lock()
  expect(() => vault.lists.heads(id)).toThrow(failing('locked'))
})
