import { expect, test } from 'vitest'
import { KeptCertificate, renewedBy } from '../../src-main/contract/kept-certificate'

const fingerprintOf = (n: number) => Array.from({ length: 32 }, () => `0${n}`).join(':')
const kept = (n: number, more: { subject?: string; okmsDomainId?: string; validTo?: number }) =>
  KeptCertificate.parse({
    ...{ id: `00000000-0000-4000-8000-00000000000${n}`, name: `${n}`, addedAt: 1 },
    ...{ subject: 'CN=a', issuer: 'CN=root', keyType: 'RSA 2048', clientAuth: true },
    ...{ sha256Fingerprint: fingerprintOf(n), validFrom: 1, validTo: 10, ...more },
  })

test.each([
  ['the same subject', {}, {}, true],
  ['another subject', {}, { subject: 'CN=b' }, false],
  ['the same domain', { okmsDomainId: 'd' }, { okmsDomainId: 'd', subject: 'CN=b' }, true],
  ['another domain', { okmsDomainId: 'd' }, { okmsDomainId: 'e' }, false],
  ['a domain and none', { okmsDomainId: 'd' }, {}, false],
])('%s: a renewal or not', (_, old, renewal, isRenewal) => {
  expect(renewedBy([kept(1, old)], kept(2, renewal)).length).toBe(isRenewal ? 1 : 0)
})

test('the one that ends last comes first, and a certificate does not renew itself', () => {
  const list = [kept(1, { validTo: 20 }), kept(2, { validTo: 30 }), kept(3, {})]
  expect(renewedBy(list, kept(3, {})).map(({ name }) => name)).toEqual(['2', '1'])
})
