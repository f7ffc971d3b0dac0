import { beforeAll, describe, expect, test } from 'vitest'
import {
  type IssuedClient,
  issueClientCertificate,
  issueServerCertificate,
} from '../../src-main/pki/certificate-issuing'
import { issueRevocationList } from '../../src-main/pki/revocation-list'
import { chance, handshake, inDays, newAuthority, now, vaultId, verify } from './local-authority'
import { openssl, put } from './openssl'

const authority = await newAuthority('l’équipe')
const issue = (name: string): Promise<IssuedClient> =>
  issueClientCertificate(authority, {
    ...{ okmsDomainId: vaultId, name, notAfter: inDays(30) },
    ...chance,
  })
const good = await issue('good')
const bad = await issue('bad')
const revokedBad = { serialNumber: bad.info.serialNumber, revokedAt: inDays(-1) }
const list = await issueRevocationList(authority, { revoked: [revokedBad], number: 7, now })
const empty = await issueRevocationList(authority, { revoked: [], number: 6, now })

describe('a revocation list', () => {
  let text: string
  beforeAll(() => {
    const args = ['crl', '-noout', '-text', '-CAfile', put(authority.certificatePem)]
    text = openssl([...args, '-in', put(list.pem)]).toString()
  })

  test('says who is revoked, since when, and its number', () => {
    expect(text).toMatch(/X509v3 CRL Number: \n +7\n/)
    expect(text).toContain(`Serial Number: ${bad.info.serialNumber}\n`)
    expect(text).not.toContain(good.info.serialNumber)
    expect(text).toContain(`Revocation Date: ${opensslDate(revokedBad.revokedAt)}`)
    expect(text).toContain('X509v3 Authority Key Identifier')
  })

  test('holds from an hour ago until the authority ends', () => {
    expect(text).toContain(`Last Update: ${opensslDate(now - 60 * 60 * 1000)}`)
    expect(text).toContain(`Next Update: ${opensslDate(authority.certificate.info.validTo)}`)
  })

  test('is signed by the authority', async () => {
    const check = async (pem: string, ca: string) =>
      openssl(['crl', '-verify', '-noout', '-in', put(pem), '-CAfile', put(ca)])
    await expect(check(list.pem, authority.certificatePem)).resolves.toBeDefined()
    await expect(check(list.pem, (await newAuthority()).certificatePem)).rejects.toThrow()
  })

  test('has the same bytes as PEM and DER', () => {
    const fromPem = openssl(['crl', '-outform', 'DER', '-in', put(list.pem)])
    expect(new Uint8Array(fromPem)).toEqual(list.der)
  })

  test('with nobody in it is a list too', () => {
    expect(openssl(['crl', '-noout', '-text', '-in', put(empty.pem)]).toString()).toContain(
      'No Revoked Certificates.',
    )
  })

  test('of a thousand is read', async () => {
    const revoked = Array.from({ length: 1000 }, (_, index) => ({
      serialNumber: (0x40000000 + index).toString(16).toUpperCase().padEnd(32, 'A'),
      revokedAt: now,
    }))
    const { pem } = await issueRevocationList(authority, { revoked, number: 8, now })
    const found = openssl(['crl', '-noout', '-text', '-in', put(pem)])
    expect(found.toString().match(/Serial Number: /g)).toHaveLength(1000)
  })
})

describe('a client with the list', () => {
  const check = (pem: string, crl: string): string =>
    verify(authority, pem, ['-crl_check_all', '-CRLfile', put(crl), '-purpose', 'sslclient'])

  test('is refused by openssl when it is on it', () => {
    expect(check(good.certificatePem, list.pem)).toBe('OK')
    expect(check(bad.certificatePem, empty.pem)).toBe('OK')
    expect(check(bad.certificatePem, list.pem)).toMatch(/certificate revoked/)
  })

  test('is refused by a listener when it is on it', async () => {
    const server = await issueServerCertificate(authority, chance)
    const connect = (client: IssuedClient, crl: string) =>
      handshake(authority, client, { server, crl })
    await expect(connect(good, list.pem)).resolves.toMatchObject({ isAuthorized: true })
    await expect(connect(bad, empty.pem)).resolves.toMatchObject({ isAuthorized: true })
    await expect(connect(bad, list.pem)).resolves.toMatchObject({
      isAuthorized: false,
      reason: 'CERT_REVOKED',
    })
  })
})

test.each(['', 'AB', bad.info.serialNumber.toLowerCase(), `${bad.info.serialNumber}00`, bad.id])(
  'the number %j is refused',
  async (serialNumber) => {
    const revoked = [{ serialNumber, revokedAt: now }]
    await expect(issueRevocationList(authority, { revoked, number: 1, now })).rejects.toMatchObject(
      { code: 'invalid', field: 'revoked' },
    )
  },
)

/** `Jan  2 03:04:05 2030 GMT`. */
function opensslDate(time: number): string {
  const [, day = '', month = '', year = '', clock = ''] = new Date(time).toUTCString().split(' ')
  return `${month} ${day.replace(/^0/, ' ')} ${clock} ${year} GMT`
}
