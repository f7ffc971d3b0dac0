import { expect, test } from 'vitest'
import { DomainProfile, ProxyAddress, ServerAddress } from '../../src-main/contract/domain'
import { okmsAddress, okmsRegions, regionOfAddress } from '../../src-main/contract/okms-regions'

test.each([
  ['https://eu-west-par.okms.ovh.net', 'https://eu-west-par.okms.ovh.net'],
  [' HTTPS://Vault.Example.com:8200/ ', 'https://vault.example.com:8200'],
  ['https://a.example/Vault/v', 'https://a.example/Vault/v'],
  ['https://127.0.0.1:8200', 'https://127.0.0.1:8200'],
  ['https://[::1]:8200', 'https://[::1]:8200'],
])('%s is an address', (text, address) => {
  expect(ServerAddress.parse(text)).toBe(address)
})

test.each([
  ...['http://a.example', 'a.example', 'https://', 'https://user:pw@a.example', ''],
  ...['https://a.example?x=1', 'https://a.example/#x', 'https://a.example/../b', 'file:///etc'],
  ...['https://a.example:99999', 'https://a.example:0', 'https://a.example/a b', 'https://a b'],
  ...['https://a.example/%2e%2e/b', 'https://[::1', `https://${'a'.repeat(600)}.example`],
  'https://a.example\r\nx: y',
])('%j is none', (text) => {
  expect(ServerAddress.safeParse(text).success).toBe(false)
})

test.each([
  ['http://proxy.example:3128', true],
  ['http://127.0.0.1:3128/', true],
  ['http://proxy.example', false],
  ['https://proxy.example:3128', false],
  ['http://user:pw@proxy.example:3128', false],
])('%s as a proxy: %s', (text, isOne) => {
  expect(ProxyAddress.safeParse(text).success).toBe(isOne)
})

test('every region leads to an address and back, in either spelling', () => {
  for (const { id } of okmsRegions) {
    expect(regionOfAddress(ServerAddress.parse(okmsAddress(id)))).toBe(id)
    expect(okmsAddress(id.toUpperCase().replaceAll('-', '_'))).toBe(okmsAddress(id))
  }
  expect(okmsAddress('us-east-vin')).toBe('https://us-east-vin.okms.ovh.us')
  expect(regionOfAddress('https://evil.example/eu-west-par.okms.ovh.net')).toBeUndefined()
  expect(regionOfAddress('https://eu-west-par.okms.ovh.net.evil.example')).toBeUndefined()
})

test('a profile takes nothing that opens anything, and the central API no certificate', () => {
  const id = '5a2b2b1c-0b0a-4f3c-8f39-1b2b6b8f0a11'
  const common = { id, label: 'a', address: 'https://a.example', authorities: { kind: 'public' } }
  const okms = { ...common, kind: 'okms-rest', auth: 'certificate', okmsId: id }
  expect(DomainProfile.safeParse(okms).success).toBe(true)
  expect(DomainProfile.safeParse({ ...okms, token: 'x' }).success).toBe(false)
  expect(DomainProfile.safeParse({ ...okms, privateKey: 'x' }).success).toBe(false)
  expect(DomainProfile.safeParse({ ...okms, kind: 'okms-central' }).success).toBe(false)
  expect(DomainProfile.safeParse({ ...okms, okmsId: undefined }).success).toBe(false)
  expect(DomainProfile.parse({ ...okms, region: 'EU_WEST_PAR' })).toMatchObject({
    region: 'eu-west-par',
  })
})
