import { afterEach, expect, test, vi } from 'vitest'
import type { KeptCertificate } from '../../src-main/contract/kept-certificate'
import { VaultId } from '../../src-main/contract/model'
import { CertificateCheck } from '../../src-renderer/state/certificate-check.svelte'
import { KeptCertificates } from '../../src-renderer/state/kept-certificates.svelte'
import { holdMain } from './held-main'

const vault = VaultId.parse('3f2a8a5e-97a1-4c30-8f0e-7a3a5f0f5a10')
const answered = { outcome: 'answered', status: 200, text: 'hello', isCut: false } as const

function checkOf(): CertificateCheck {
  const servers = { running: undefined, vaults: [], domains: [] }
  return new CertificateCheck(new KeptCertificates(vault), {} as KeptCertificate, servers)
}

afterEach(() => {
  vi.unstubAllGlobals()
})

test('the answer of a server is shown with the address that was asked', async () => {
  const main = holdMain()
  const check = checkOf()
  check.url = 'https://a.example/'
  const asking = check.probe()
  await main.answer('keptCertificate.probe', 0, answered)
  await asking
  expect(check.result).toEqual(answered)
  check.url = 'https://b.example/'
  expect(check.result).toBeUndefined()
})

test('an answer that comes after another address was typed is not shown with that one', async () => {
  const main = holdMain()
  const check = checkOf()
  check.url = 'https://a.example/'
  const asking = check.probe()
  check.url = 'https://b.example/'
  await main.answer('keptCertificate.probe', 0, answered)
  await asking
  expect(main.inputs('keptCertificate.probe')).toMatchObject([{ url: 'https://a.example/' }])
  expect(check).toMatchObject({ result: undefined, isWorking: false })
})
