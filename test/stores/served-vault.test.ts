import { expect, test } from 'vitest'
import { fullScope } from '../../src-main/contract/access'
import { systemRandom } from '../../src-main/env'
import { certificateOffice } from '../../src-main/pki/office'
import { LocalAccess } from '../../src-main/stores/local-access'
import { vaultToServe } from '../../src-main/stores/served-vault'
import { newVault } from '../vault/new-vault'

test('a program that revokes its own credential is told of as a person who does', async () => {
  const { vault, clock } = await newVault()
  const environment = { clock, random: systemRandom }
  let changes = 0
  const access = new LocalAccess(vault, {
    ...{ ...environment, office: certificateOffice(environment) },
    onChange: () => (changes += 1),
  })
  const { credential } = access.issueToken({ name: 'ci', scope: fullScope })
  const { book } = vaultToServe(vault, { revoke: (id) => access.revoke(id) })
  book.revoke(credential.id)
  expect(changes).toBe(2)
  expect(access.list()).toMatchObject([{ name: 'ci', revokedAt: clock.now() }])
})

test('a vault is served as one and the same, with its own book where nobody else is to know', async () => {
  const { vault } = await newVault()
  expect(vaultToServe(vault)).toBe(vaultToServe(vault))
  const { id } = vault.credentials.add({
    ...{ kind: 'token', hash: systemRandom(32), name: 'ci', scope: fullScope },
  })
  vaultToServe(vault).book.revoke(id)
  expect(vault.credentials.list()[0]?.revokedAt).toBeDefined()
})
