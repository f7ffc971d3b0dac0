import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DomainProfile } from '../../src-main/contract/domain'
import type { DomainSecret } from '../../src-main/kv/domain-book'
import { maxDomains } from '../../src-main/vault/local-domains'
import { newVault, passphrase } from './new-vault'

const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

const profileOf = (n: number, label = `domain ${n}`) =>
  DomainProfile.parse({
    ...{ id: idOf(n), label, kind: 'vault', address: 'https://canary-host.example:8200' },
    ...{ authorities: { kind: 'public' }, auth: 'token', namespace: 'team/a' },
  })
const token: DomainSecret = { kind: 'token', token: 'canary-token-93ab' }
const failing = (code: string) => expect.objectContaining({ code }) as unknown

test('domains are kept with their secrets, and the list has none of these', async () => {
  const { vault } = await newVault()
  vault.domains.add(profileOf(1, 'b'), token)
  vault.domains.add(profileOf(2, 'a'), { kind: 'token', token: 'other' })
  expect(vault.domains.list()).toEqual([profileOf(2, 'a'), profileOf(1, 'b')])
  expect(JSON.stringify(vault.domains.list())).not.toContain('canary-token')
  expect(vault.domains.find(profileOf(1).id)).toEqual(profileOf(1, 'b'))
  expect(vault.domains.secretOf(profileOf(1).id)).toEqual(token)
})

test('R-02: neither key nor address is to be seen in the file, and nothing is left of what was removed', async () => {
  const { vault, file, unlock } = await newVault()
  const certificate: DomainSecret = {
    ...{ kind: 'certificate', certificate: 'canary-certificate', privateKey: 'canary-key' },
  }
  vault.domains.add(DomainProfile.parse({ ...profileOf(1), auth: 'certificate' }), certificate)
  vault.close()
  const text = readFileSync(file).toString('latin1')
  expect(text).not.toContain('canary')
  const again = await unlock()
  expect(again.domains.secretOf(profileOf(1).id)).toEqual(certificate)
  again.domains.remove(profileOf(1).id)
  expect(again.domains.list()).toEqual([])
  expect(() => again.domains.secretOf(profileOf(1).id)).toThrow(failing('not_found'))
})

test('a change keeps the secret unless one is given, and fits its kind', async () => {
  const { vault } = await newVault()
  vault.domains.add(profileOf(1), token)
  vault.domains.change(profileOf(1, 'renamed'))
  expect(vault.domains.secretOf(profileOf(1).id)).toEqual(token)
  vault.domains.change(profileOf(1), { kind: 'token', token: 'new' })
  expect(vault.domains.secretOf(profileOf(1).id)).toEqual({ kind: 'token', token: 'new' })
  const other = DomainProfile.parse({ ...profileOf(1), auth: 'certificate' })
  expect(() => vault.domains.change(other)).toThrow(failing('invalid'))
  expect(() => vault.domains.change(profileOf(2))).toThrow(failing('not_found'))
  expect(() => vault.domains.remove(profileOf(2).id)).toThrow(failing('not_found'))
  expect(() => vault.domains.add(profileOf(1), token)).toThrow(failing('exists'))
})

test(`there are at most ${maxDomains}`, async () => {
  const { vault } = await newVault()
  for (let n = 1; n <= maxDomains; n += 1) vault.domains.add(profileOf(n), token)
  expect(() => vault.domains.add(profileOf(maxDomains + 1), token)).toThrow(failing('invalid'))
  expect(vault.domains.list().length).toBe(maxDomains)
})

test('a locked vault tells of none', async () => {
  const { vault } = await newVault()
  vault.domains.add(profileOf(1), token)
  vault.lock()
  expect(() => vault.domains.list()).toThrow(failing('locked'))
  await vault.unlockWithPassphrase(passphrase)
  expect(vault.domains.list().length).toBe(1)
})
