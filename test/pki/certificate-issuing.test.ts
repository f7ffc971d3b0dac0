import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EpochMs } from '../../src-main/contract/model'
import {
  clientFileNames,
  issueClientCertificate,
  issueServerCertificate,
} from '../../src-main/pki/certificate-issuing'
import { makeRequest } from './certificate-requests'
import {
  chance,
  dayMs,
  handshake,
  inDays,
  infoOf,
  newAuthority,
  now,
  textOf,
  vaultId,
  verify,
} from './local-authority'
import { type KeyType, makeKey, openssl, put } from './openssl'

const authority = await newAuthority()
const server = await issueServerCertificate(authority, chance)
const usual = { okmsDomainId: vaultId, name: 'app', notAfter: inDays(365), ...chance }
const client = await issueClientCertificate(authority, usual)
const { validTo } = authority.certificate.info

/** The public key of a private one, as openssl sees both. */
const publicOf = (key: string): string => openssl(['pkey', '-pubout'], Buffer.from(key)).toString()
const certified = (pem: string): string =>
  openssl(['x509', '-noout', '-pubkey'], Buffer.from(pem)).toString()

describe('a server certificate', () => {
  // C-09
  test('is for this machine only', () => {
    expect(server.info).toMatchObject({
      subject: 'CN=localhost',
      subjectAltNames: ['DNS:localhost', 'IP:127.0.0.1', 'IP:0:0:0:0:0:0:0:1'],
      keyType: 'EC P-256',
      isCa: false,
      clientAuth: false,
    })
  })

  test.each([
    ['-verify_hostname', 'localhost'],
    ['-verify_ip', '127.0.0.1'],
    ['-verify_ip', '::1'],
  ])('verifies with openssl as a server with %s %s', (option, name) => {
    const args = ['-purpose', 'sslserver', option, name]
    expect(verify(authority, server.certificatePem, args)).toBe('OK')
  })

  test('does not verify as another host, nor as a client', () => {
    const asHost = ['-purpose', 'sslserver', '-verify_hostname', 'example.org']
    expect(verify(authority, server.certificatePem, asHost)).toMatch(/hostname mismatch/)
    expect(verify(authority, server.certificatePem, ['-purpose', 'sslclient'])).toMatch(
      /unsuitable certificate purpose/,
    )
  })

  test('holds for 396 days, from an hour ago', () => {
    expect(server.info.validFrom).toBe(Math.floor((now - dayMs / 24) / 1000) * 1000)
    expect(server.info.validTo).toBe(Math.floor((now + 396 * dayMs) / 1000) * 1000)
  })

  test('for clients that know no constraints on addresses has none', async () => {
    const options = { ...chance, hasAddresses: false }
    const named = await issueServerCertificate(authority, options)
    expect(named.info.subjectAltNames).toEqual(['DNS:localhost'])
    await expect(
      handshake(authority, client, { server: named, servername: 'localhost' }),
    ).resolves.toMatchObject({ isAuthorized: true })
    await expect(handshake(authority, client, { server: named })).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
  })

  test('ends with the authority', async () => {
    const late = EpochMs.parse(validTo - dayMs)
    const last = await issueServerCertificate(authority, { ...chance, now: late })
    expect(last.info.validTo).toBe(validTo)
  })

  test('comes with its key', () => {
    expect(publicOf(server.privateKeyPem)).toBe(certified(server.certificatePem))
  })

  test.each(['127.0.0.1', '::1'])('is trusted by a client on %s', async (host) => {
    const seen = await handshake(authority, client, { server, host })
    expect(seen).toMatchObject({ isAuthorized: true })
  })
})

describe('a client certificate', () => {
  test('names the domain as OKMS does, and the client', () => {
    expect(client.info).toMatchObject({
      subject: 'CN=Coffret app',
      subjectAltNames: [`UPN:okms.domain:${vaultId}`],
      okmsDomainId: vaultId,
      clientAuth: true,
      isCa: false,
    })
    // The one name, as openssl spells the DER of an access certificate.
    const text = textOf(client.certificatePem)
    expect(text).toMatch(
      new RegExp(
        `Subject Alternative Name: critical\\n +othername: ?UPN::?okms.domain:${vaultId}\\n`,
      ),
    )
    expect(text).toMatch(/Extended Key Usage: \n +TLS Web Client Authentication\n/)
  })

  test('verifies with openssl as a client, not as a server', () => {
    expect(verify(authority, client.certificatePem, ['-purpose', 'sslclient'])).toBe('OK')
    expect(verify(authority, client.certificatePem, ['-purpose', 'sslserver'])).toMatch(
      /unsuitable certificate purpose/,
    )
  })

  test('has its number as the id of the credential, in the names of its files', () => {
    const { id, info } = client
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(id.replaceAll('-', '').toUpperCase()).toBe(info.serialNumber)
    expect(clientFileNames(id)).toEqual({
      certificate: `${id}_certificate.pem`,
      privateKey: `${id}_privatekey.pem`,
    })
  })

  test('comes with its key', () => {
    expect(publicOf(client.privateKeyPem!)).toBe(certified(client.certificatePem))
  })

  test('is let in, and one of another authority is not', async () => {
    const stranger = await issueClientCertificate(await newAuthority(), usual)
    await expect(handshake(authority, client)).resolves.toEqual({
      isAuthorized: true,
      reason: undefined,
      serialNumber: client.info.serialNumber,
    })
    for (const other of [stranger, server]) {
      const seen = await handshake(authority, other)
      expect(seen).toMatchObject({ isAuthorized: false })
    }
    await expect(handshake(authority, undefined)).resolves.toMatchObject({ isAuthorized: false })
  })

  // The common name must not be taken for a DNS name, which the constraints would refuse.
  test.each(['ci.example.org', 'localhost', '*.example.org', '10.0.0.1', 'me@example.org'])(
    'is let in when it is called %s',
    async (name) => {
      const issued = await issueClientCertificate(authority, { ...usual, name })
      expect(verify(authority, issued.certificatePem, ['-purpose', 'sslclient'])).toBe('OK')
      await expect(handshake(authority, issued)).resolves.toMatchObject({ isAuthorized: true })
    },
  )

  test.each([
    ['now', now],
    ['before', EpochMs.parse(now - 1)],
    ['after the authority', EpochMs.parse(validTo + 1)],
  ])('that ends %s is refused', async (_, notAfter) => {
    await expect(issueClientCertificate(authority, { ...usual, notAfter })).rejects.toMatchObject({
      code: 'invalid',
      field: 'notAfter',
    })
  })

  test('may last as long as the authority', async () => {
    const issued = await issueClientCertificate(authority, { ...usual, notAfter: validTo })
    expect(issued.info.validTo).toBe(validTo)
    expect(verify(authority, issued.certificatePem)).toBe('OK')
  })

  test.each([undefined, '', '  ', 'two\nlines', 'a\u202eb', '\ud800', 'a'.repeat(57)])(
    'with the name %j is refused',
    async (name) => {
      await expect(issueClientCertificate(authority, { ...usual, name })).rejects.toMatchObject({
        code: 'invalid',
        field: 'name',
      })
    },
  )

  test('has any name that people read, exactly', async () => {
    const special = fc.constantFrom(...'"\\,+<>;=#/ é漢€🦊')
    const unit = fc.oneof(special, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }))
    const name = fc
      .array(unit, { minLength: 1, maxLength: 14 })
      .map((parts) => parts.join(''))
      .filter((text) => text.trim() !== '' && !/\p{Cc}|\p{Cf}|\p{Cs}|[\u2028\u2029]/u.test(text))
    await fc.assert(
      fc.asyncProperty(name, async (name) => {
        const { certificatePem, info } = await issueClientCertificate(authority, { ...usual, name })
        const args = ['x509', '-noout', '-subject', '-nameopt', 'utf8', '-in', put(certificatePem)]
        expect(openssl(args).toString()).toBe(`subject=CN=Coffret ${name}\n`)
        expect(unescaped(info.subject)).toBe(`CN=Coffret ${name}`)
        expect(info).toEqual(infoOf(certificatePem))
      }),
      { numRuns: 40 },
    )
  })
})

describe('for a request', () => {
  const types: KeyType[] = ['EC P-256', 'EC P-384', 'EC P-521', 'RSA 2048', 'RSA 4096', 'Ed25519']

  test.each(types)('of an %s key a client is let in', async (type) => {
    const key = makeKey(type)
    const issued = await issueClientCertificate(authority, { ...usual, csr: makeRequest({ key }) })
    expect(issued.privateKeyPem).toBeUndefined()
    expect(issued.info).toMatchObject({ keyType: type, okmsDomainId: vaultId })
    expect(verify(authority, issued.certificatePem, ['-purpose', 'sslclient'])).toBe('OK')
    const identity = { ...issued, privateKeyPem: key.toString() }
    await expect(handshake(authority, identity)).resolves.toMatchObject({
      isAuthorized: true,
      serialNumber: issued.info.serialNumber,
    })
  })

  test('its common name is taken when no other is given', async () => {
    const csr = makeRequest({ subject: '/O=Evil/CN=from the request' })
    const named = await issueClientCertificate(authority, { ...usual, csr })
    const unnamed = { ...usual, name: undefined }
    const own = await issueClientCertificate(authority, { ...unnamed, csr })
    expect([named.name, named.info.subject]).toEqual(['app', 'CN=Coffret app'])
    expect([own.name, own.info.subject]).toEqual([
      'from the request',
      'CN=Coffret from the request',
    ])
    const nameless = makeRequest({ subject: '/O=Evil' })
    await expect(
      issueClientCertificate(authority, { ...unnamed, csr: nameless }),
    ).rejects.toMatchObject({ code: 'invalid', field: 'name' })
  })

  test('nothing else of it is taken', async () => {
    const csr = makeRequest({
      subject: '/C=FR/O=Evil/CN=app/emailAddress=a@evil.example',
      extensions: [
        'basicConstraints=critical,CA:TRUE',
        'keyUsage=keyCertSign',
        'extendedKeyUsage=serverAuth',
        'subjectAltName=DNS:evil.example,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:okms.domain:*',
      ],
    })
    const { certificatePem, info } = await issueClientCertificate(authority, { ...usual, csr })
    expect(info).toMatchObject({
      subject: 'CN=Coffret app',
      subjectAltNames: [`UPN:okms.domain:${vaultId}`],
      isCa: false,
    })
    expect(textOf(certificatePem)).not.toMatch(/evil/i)
  })
})

test('an authority that has ended issues nothing', async () => {
  const late = { ...chance, now: validTo }
  const refused = { code: 'invalid', message: expect.stringContaining('has expired') as string }
  await expect(issueServerCertificate(authority, late)).rejects.toMatchObject(refused)
  await expect(
    issueClientCertificate(authority, { ...usual, ...late, notAfter: EpochMs.parse(validTo + 1) }),
  ).rejects.toMatchObject(refused)
})

/** A name of RFC 4514 without its escapes. */
function unescaped(text: string): string {
  return text.replace(/\\([^0-9a-f])/gi, '$1')
}
