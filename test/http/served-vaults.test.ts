import { expect, test } from 'vitest'
import { fullScope } from '../../src-main/contract/access'
import { CoffretError } from '../../src-main/contract/errors'
import type { LocalApiStatus } from '../../src-main/contract/listener-calls'
import { systemRandom } from '../../src-main/env'
import { documentationAnswerer, servedVaults } from '../../src-main/http/served-vaults'
import { certificateOffice } from '../../src-main/pki/office'
import { accessOfVaults } from '../../src-main/stores/local-access'
import { newVault } from '../vault/new-vault'

const described = { version: '1.2.3', readSwaggerFile: () => new Uint8Array() }

async function servedVault() {
  const { vault, clock } = await newVault()
  const environment = { clock, random: systemRandom }
  const accessOf = accessOfVaults({ ...environment, office: certificateOffice(environment) })
  let isAway = false
  const stores = {
    vault: () => {
      if (isAway) throw new CoffretError('not_found', 'the file is away')
      return vault
    },
  }
  const served = servedVaults({ stores, accessOf, ...environment, ...described })
  const takeAway = () => {
    isAway = true
    vault.lock()
  }
  return { vault, served, access: accessOf(vault), takeAway }
}

/** The status of a local API that serves a vault, as far as it is asked for. */
const running = (vault: string) => ({ running: { vault } }) as unknown as LocalApiStatus

test('a vault whose file is away is served as it was last: locked', async () => {
  const { vault, served, takeAway } = await servedVault()
  const parts = served(vault.id)
  const before = parts.vault()
  takeAway()
  expect(parts.vault()).toBe(before)
  expect(parts.vault().vault.isLocked()).toBe(true)
})

test('the page is for reading while nothing is served, and for trying while a vault is', async () => {
  const { vault, served, access } = await servedVault()
  let status = {} as LocalApiStatus
  const answer = documentationAnswerer({ status: () => status }, served, described)
  const { token } = access.issueToken({ name: 'ci', scope: fullScope })
  const list = (headers = {}) => {
    const address = '/v1/secret/metadata?list=true'
    return answer(new Request(`http://docs${address}`, { headers }), address)
  }
  expect((await answer(new Request('http://docs/openapi.json'), '/openapi.json'))?.status).toBe(200)
  expect(await list({ 'X-Vault-Token': token })).toBeUndefined()
  status = running(vault.id)
  expect((await list())?.status).toBe(403)
  expect((await list({ 'X-Vault-Token': token }))?.status).toBe(404)
})
