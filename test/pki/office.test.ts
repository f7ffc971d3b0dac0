import { X509Certificate, createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { systemRandom } from '../../src-main/env'
import type { CertificateOffice, OpenAuthority } from '../../src-main/kv/certificate-office'
import { certificateOffice } from '../../src-main/pki/office'
import { inDays, now, textOf, vaultId } from './local-authority'
import { openssl, put } from './openssl'

const office: CertificateOffice = certificateOffice({
  clock: { now: () => now },
  random: systemRandom,
})
const kept = await office.makeAuthority({ id: vaultId, label: 'work' })
const authority: OpenAuthority = await office.openAuthority(kept)
const client = await authority.issueClient({
  ...{ okmsDomainId: vaultId, name: 'ci 🚀', endsAt: inDays(30) },
})

describe('the office of certificates', () => {
  test('makes an authority of any label', async () => {
    const label = `two\nlines ${'x'.repeat(100)}`
    const made = await office.openAuthority(await office.makeAuthority({ id: vaultId, label }))
    expect(new X509Certificate(made.certificate).subject).toContain('Coffret twolines xxx')
    expect(made.endsAt).toBeGreaterThan(inDays(3000))
    expect(made.fingerprint).toBe(new X509Certificate(made.certificate).fingerprint256)
  })

  test('refuses one that was kept and is damaged', async () => {
    const damaged = { ...kept, privateKey: kept.privateKey.subarray(0, -1) }
    const corrupt = expect.objectContaining({ code: 'corrupt' })
    await expect(office.openAuthority(damaged)).rejects.toEqual(corrupt)
  })

  test('gives a server the time that was asked for, and at most 396 days', async () => {
    const asked = await authority.issueServer({ endsAt: inDays(90), hasAddresses: true })
    expect(asked.endsAt).toBe(Math.floor(inDays(90) / 1000) * 1000)
    expect(new X509Certificate(asked.certificate).subjectAltName).toContain('IP Address:127.0.0.1')
    const long = await authority.issueServer({ endsAt: inDays(1000), hasAddresses: false })
    expect(long.endsAt).toBe(Math.floor(inDays(396) / 1000) * 1000)
    expect(new X509Certificate(long.certificate).subjectAltName).toBe('DNS:localhost')
  })

  test('tells a client by the hash of its certificate', () => {
    const { raw, serialNumber } = new X509Certificate(client.certificate)
    expect(Buffer.from(client.hash)).toEqual(createHash('sha256').update(raw).digest())
    expect(client.id.replaceAll('-', '').toUpperCase()).toBe(serialNumber)
    expect(client.name).toBe('ci 🚀')
  })

  test('lists what is revoked, with its number', async () => {
    const serialNumber = client.id.replaceAll('-', '').toUpperCase()
    const revoked = [{ serialNumber, revokedAt: now }]
    const pem = await authority.listRevoked({ number: 7, revoked })
    const text = openssl(['crl', '-noout', '-text'], Buffer.from(pem)).toString()
    expect(text).toMatch(/CRL Number: \n +7\n/)
    expect(text).toContain(`Serial Number: ${serialNumber}`)
  })

  test('bundles a client with its authority, under its password', async () => {
    const { certificate, privateKey = '', name } = client
    const parts = { certificate, privateKey, name, authority: authority.certificate }
    const bundle = await office.bundle({ ...parts, password: 'pw' })
    const file = put(Buffer.from(bundle))
    const opened = openssl(['pkcs12', '-in', file, '-nodes', '-passin', 'pass:pw']).toString()
    expect(opened.match(/BEGIN CERTIFICATE/g)).toHaveLength(2)
    expect(opened).toContain('friendlyName: ci')
    const wrong = expect.objectContaining({ code: 'invalid', field: 'password' })
    await expect(office.bundle({ ...parts, password: '' })).rejects.toEqual(wrong)
  })

  test('says in the certificate which domain it is for', () => {
    expect(textOf(client.certificate)).toContain('X509v3 Subject Alternative Name: critical')
  })
})
