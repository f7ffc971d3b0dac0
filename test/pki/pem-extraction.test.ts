import { createPrivateKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { systemRandom } from '../../src-main/env'
import { makePkcs12 } from '../../src-main/pki/credential-tools'
import { extractPem } from '../../src-main/pki/pem-extraction'
import { derOf, file, makeAuthority, makeCertificate, makeKey, openssl, put, soon } from './openssl'

const root = makeAuthority('root')
const pair = makeCertificate({ issuer: root })
const common = { random: systemRandom, now: soon }
const pkcs12 = await makePkcs12({
  ...common,
  files: [file(pair.certificate), file(pair.key), file(root.certificate)],
  password: 'old',
  friendlyName: 'app',
  profile: 'compatible',
})
const extract = (change: Partial<Parameters<typeof extractPem>[0]> = {}) =>
  extractPem({ ...common, files: [file(pkcs12)], keyPassword: 'old', ...change })

test('a PKCS#12 file gives back what went in', async () => {
  const { key, certificates } = await extract()
  expect(Buffer.from(key).toString()).toBe(pair.key.toString())
  expect(Buffer.from(certificates).toString()).toBe(`${pair.certificate}${root.certificate}`)
})

test('the key is closed with another password', async () => {
  const { key } = await extract({ newKeyPassword: 'clé €' })
  expect(Buffer.from(key).toString()).toContain('BEGIN ENCRYPTED PRIVATE KEY')
  const opened = openssl(['pkey', '-in', put(key), '-passin', 'pass:clé €'])
  expect(derOf(opened)).toEqual(derOf(pair.key))
  expect(() => createPrivateKey({ key: Buffer.from(key), passphrase: 'old' })).toThrow()
})

test('other files come out in the same form', async () => {
  const sec1 = openssl(['ec', '-outform', 'DER'], pair.key)
  const { key } = await extract({ files: [file(sec1), file(derOf(pair.certificate))] })
  expect(derOf(Buffer.from(key))).toEqual(derOf(pair.key))
})

describe('nothing comes out', () => {
  test.each([
    ['with a wrong password', { keyPassword: 'x' }, 'wrong_password'],
    ['without the password', { keyPassword: undefined }, 'wrong_password'],
    ['for an empty new password', { newKeyPassword: '' }, 'invalid'],
    ['without a key', { files: [file(pair.certificate)] }, 'invalid'],
    ['of another key', { files: [file(pair.certificate), file(makeKey())] }, 'key_mismatch'],
  ] as const)('%s', async (_, change, code) => {
    await expect(extract(change)).rejects.toMatchObject({ name: 'CoffretError', code })
  })
})

test('a file changes its profile and its password', async () => {
  const again = await makePkcs12({
    ...common,
    files: [file(pkcs12)],
    keyPassword: 'old',
    password: 'new',
    friendlyName: 'other',
    profile: 'modern',
  })
  const shown = openssl(['pkcs12', '-info', '-nodes', '-in', put(again), '-passin', 'pass:new'])
  expect(shown.toString().match(/friendlyName: .*/g)).toEqual(Array(2).fill('friendlyName: other'))
  const reopened = await extract({ files: [file(again)], keyPassword: 'new' })
  expect(Buffer.from(reopened.key).toString()).toBe(pair.key.toString())
})
