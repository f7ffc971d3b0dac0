import { X509Certificate, createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CredentialId, Scope } from '../../src-main/contract/access'
import type { EpochMs } from '../../src-main/contract/model'
import { systemRandom } from '../../src-main/env'
import type { CertificateOffice } from '../../src-main/kv/certificate-office'
import { inspectCredentials } from '../../src-main/pki/credential-tools'
import { certificateOffice } from '../../src-main/pki/office'
import {
  accessOfVaults,
  authorityFile,
  hashOfToken,
  renewalMs,
  serverLifeMs,
  tokenPrefix,
  usualClientLifeMs,
} from '../../src-main/stores/local-access'
import { makeRequest } from '../pki/certificate-requests'
import { handshake } from '../pki/local-authority'
import { openAuthority } from '../../src-main/pki/authority'
import { openssl } from '../pki/openssl'
import { newVault } from '../vault/new-vault'

const readProd = Scope.parse({ prefixes: ['secret/prod'], rights: ['list', 'readData'] })
const ci = { name: 'ci', scope: readProd }
const invalid = (field: string) => expect.objectContaining({ code: 'invalid', field })

/** A new vault with its access. The clock is the real day: OpenSSL looks at its own. */
async function newAccess() {
  const made = await newVault()
  const { clock } = made
  clock.advance(Date.now() - clock.now())
  const office: CertificateOffice = certificateOffice({ clock, random: systemRandom })
  const changed: string[] = []
  const onChange = ({ id }: { readonly id: string }) => changed.push(id)
  const accessOf = accessOfVaults({ office, clock, random: systemRandom, onChange })
  return { ...made, access: accessOf(made.vault), accessOf, changed }
}

describe('C-03: a token', () => {
  test('is 32 random bytes behind a prefix, and only its hash is kept', async () => {
    const { access, vault, file, changed } = await newAccess()
    const { token, credential } = access.issueToken(ci)
    expect(token).toMatch(new RegExp(`^${tokenPrefix}[A-Za-z0-9_-]{43}$`))
    expect(Buffer.from(token.slice(tokenPrefix.length), 'base64url')).toHaveLength(32)
    expect(credential).toMatchObject({ kind: 'token', name: 'ci', scope: readProd })
    expect(vault.credentials.find('token', hashOfToken(token))).toEqual(credential)
    expect(hashOfToken(token)).toEqual(new Uint8Array(createHash('sha256').update(token).digest()))
    expect(changed).toEqual([vault.id])
    vault.close()
    const bytes = readFileSync(file)
    expect(bytes.includes(token)).toBe(false)
    expect(bytes.includes(token.slice(tokenPrefix.length, 24))).toBe(false)
    expect(bytes.includes(Buffer.from(hashOfToken(token)))).toBe(false)
  })

  test('differs from every other one', async () => {
    const { access } = await newAccess()
    const tokens = Array.from({ length: 20 }, () => access.issueToken(ci).token)
    expect(new Set(tokens).size).toBe(20)
  })

  test('needs a name, and an end that is not yet', async () => {
    const { access, clock } = await newAccess()
    const now = clock.now()
    for (const name of ['', '  ', 'a'.repeat(129)]) {
      expect(() => access.issueToken({ ...ci, name })).toThrow(invalid('name'))
    }
    expect(() => access.issueToken({ ...ci, expiresAt: now })).toThrow(invalid('expiresAt'))
    const expiresAt = (now + 1) as EpochMs
    expect(access.issueToken({ ...ci, expiresAt }).credential.expiresAt).toBe(expiresAt)
  })
})

describe('a client certificate', () => {
  test('comes as the files of OKMS, with the vault as its domain', async () => {
    const { access, vault, clock } = await newAccess()
    const issued = await access.issueCertificate({ ...ci, password: 'p12 password' })
    const { id, expiresAt, fingerprint, kind } = issued.credential
    expect(kind).toBe('certificate')
    expect(issued.files.map(({ name, isSecret }) => [name, isSecret])).toEqual([
      [`${id}_certificate.pem`, false],
      [`${id}_privatekey.pem`, true],
      ['client.p12', true],
      [authorityFile, false],
    ])
    const certificate = new X509Certificate(issued.certificate)
    expect(fingerprint).toBe(certificate.fingerprint256)
    expect(certificate.serialNumber.toLowerCase()).toBe(id.replaceAll('-', ''))
    expect((expiresAt ?? 0) - clock.now()).toBeGreaterThan(usualClientLifeMs - 2000)
    const pair = issued.files.slice(0, 2)
    const report = inspectCredentials(pair, undefined, clock.now())
    expect(report).toMatchObject({ problems: [], certificates: [{ okmsDomainId: vault.id }] })
    const found = vault.credentials.find('certificate', sha256(certificate.raw))
    expect(found).toEqual(issued.credential)
  })

  test('in client.p12 opens with its password, and brings the authority along', async () => {
    const { access } = await newAccess()
    const { files } = await access.issueCertificate({ ...ci, name: 'ci 🚀', password: 'pw' })
    const bundle = Buffer.from(files.find(({ name }) => name === 'client.p12')?.bytes ?? [])
    const pem = openssl(['pkcs12', '-nodes', '-passin', 'pass:pw'], bundle).toString()
    expect(pem.match(/BEGIN CERTIFICATE/g)).toHaveLength(2)
    expect(pem).toContain('BEGIN PRIVATE KEY')
  })

  test('for a request has no key, and no bundle', async () => {
    const { access } = await newAccess()
    const csr = makeRequest()
    const issued = await access.issueCertificate({ ...ci, csr, password: 'pw' })
    expect(issued.privateKey).toBeUndefined()
    expect(issued.files.map(({ name }) => name)).toEqual([
      `${issued.credential.id}_certificate.pem`,
      authorityFile,
    ])
  })

  test('that cannot be made leaves nothing behind', async () => {
    const { access, clock } = await newAccess()
    const before = access.list()
    const late = (clock.now() + 20 * usualClientLifeMs) as EpochMs
    const issue = (more: object) => access.issueCertificate({ ...ci, ...more })
    await expect(issue({ name: 'a'.repeat(57) })).rejects.toEqual(invalid('name'))
    await expect(issue({ expiresAt: late })).rejects.toEqual(invalid('expiresAt'))
    await expect(issue({ csr: new Uint8Array(9) })).rejects.toEqual(invalid('csr'))
    await expect(issue({ password: '' })).rejects.toEqual(invalid('password'))
    expect(access.list()).toEqual(before)
  })
})

describe('what a listener shows', () => {
  test('is of one authority, made on first need and kept in the vault', async () => {
    const { access, accessOf, unlock, vault } = await newAccess()
    expect(vault.authority.find()).toBeUndefined()
    const identity = await access.serverIdentity()
    const authority = new X509Certificate(identity.authority)
    expect(identity.fingerprint).toBe(authority.fingerprint256)
    for (const { certificate } of [identity, identity.localhost]) {
      expect(new X509Certificate(certificate).checkIssued(authority)).toBe(true)
    }
    expect(new X509Certificate(identity.localhost.certificate).subjectAltName).toBe('DNS:localhost')
    const other = await accessOf(await unlock()).serverIdentity()
    expect(other.authority).toBe(identity.authority)
    expect(other.privateKey).not.toBe(identity.privateKey)
  })

  test('two that are asked for at once are one', async () => {
    const { access } = await newAccess()
    const [a, b] = await Promise.all([access.serverIdentity(), access.serverIdentity()])
    expect(a).toBe(b)
  })

  test('lives 90 days, and is another one when less than 30 are left', async () => {
    const { access, clock } = await newAccess()
    const first = await access.serverIdentity()
    expect(first.endsAt - clock.now()).toBeGreaterThan(serverLifeMs - 2000)
    expect(first.endsAt - clock.now()).toBeLessThanOrEqual(serverLifeMs)
    clock.advance(first.endsAt - clock.now() - renewalMs)
    expect((await access.serverIdentity()).certificate).toBe(first.certificate)
    clock.advance(1)
    const second = await access.serverIdentity()
    expect(second.certificate).not.toBe(first.certificate)
    expect(second.authority).toBe(first.authority)
  })

  test('stays while the vault is locked, but is not made then', async () => {
    const { access, accessOf, vault, open } = await newAccess()
    const identity = await access.serverIdentity()
    vault.lock()
    expect(await access.serverIdentity()).toEqual(identity)
    const locked = expect.objectContaining({ code: 'locked' })
    await expect(accessOf(open()).serverIdentity()).rejects.toEqual(locked)
  })

  test.each(['revoke', 'remove'] as const)('refuses what it was told to %s', async (how) => {
    const { access, vault, clock } = await newAccess()
    const good = await access.issueCertificate(ci)
    const bad = await access.issueCertificate({ ...ci, name: 'bad' })
    const server = await access.serverIdentity()
    access[how](bad.credential.id)
    const { revoked } = await access.serverIdentity()
    expect(revoked).not.toBe(server.revoked)
    const authority = await openAuthority(vault.authority.find()!)
    const seen = ({ certificate, privateKey }: typeof good) =>
      handshake(
        authority,
        { certificatePem: certificate, privateKeyPem: privateKey },
        {
          crl: revoked,
          server: { certificatePem: server.certificate, privateKeyPem: server.privateKey },
        },
      )
    expect(await seen(good)).toMatchObject({ isAuthorized: true })
    expect(await seen(bad)).toMatchObject({ isAuthorized: false, reason: 'CERT_REVOKED' })
    // What has ended by itself needs no mention.
    clock.advance(usualClientLifeMs)
    expect(vault.authority.revocations().revoked).toEqual([])
  })

  test('what has the key of the authority lies in no file in plain', async () => {
    const { access, vault, file } = await newAccess()
    await access.serverIdentity()
    const { privateKey } = vault.authority.find()!
    vault.close()
    // C-09: 32 bytes of an EC key are in PKCS#8 as they are.
    expect(readFileSync(file).includes(Buffer.from(privateKey.subarray(36, 68)))).toBe(false)
  })
})

test('what is not there cannot be revoked', async () => {
  const { access } = await newAccess()
  const id = CredentialId.parse('41111111-1111-4111-8111-111111111111')
  const notFound = expect.objectContaining({ code: 'not_found' })
  expect(() => access.revoke(id)).toThrow(notFound)
  expect(() => access.remove(id)).toThrow(notFound)
})

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}
