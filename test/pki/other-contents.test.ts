import { expect, test } from 'vitest'
import { otherContents } from '../../src-main/pki/other-contents'
import { makeRequest } from './certificate-requests'
import { derOf, makeCertificate, makeKey, openssl } from './openssl'

const key = makeKey()
const rsa = makeKey('RSA 2048')
const ssh = 'AAAAC3NzaC1lZDI1NTE5AAAAIJ x@y'

test.each([
  ['a request', 'certificate-request', derOf(makeRequest({ key }))],
  ['a request for RSA', 'certificate-request', derOf(makeRequest({ key: rsa }))],
  ['a public key', 'public-key', openssl(['pkey', '-pubout', '-outform', 'DER'], key)],
  [
    'a public key of PKCS#1',
    'public-key',
    openssl(['rsa', '-RSAPublicKey_out', '-outform', 'DER'], rsa),
  ],
  ['a public key of OpenSSH', 'public-key', Buffer.from(`ssh-ed25519 ${ssh}`)],
  ['another', 'public-key', Buffer.from(`ecdsa-sha2-nistp256 ${ssh}`)],
  ['a store of Java', 'java-key-store', Buffer.from('feedfeed00000002', 'hex')],
  ['another store', 'java-key-store', Buffer.from('cececece00000002', 'hex')],
  ['a certificate', undefined, derOf(makeCertificate({ key }).certificate)],
  ['a key', undefined, derOf(key)],
  ['an RSA key', undefined, openssl(['pkey', '-traditional', '-outform', 'DER'], rsa)],
  ['parameters of Diffie and Hellman', undefined, Buffer.from('3009020117020105020104', 'hex')],
  ['text', undefined, Buffer.from('ssh-ed25519 is a kind of key')],
  ['nothing', undefined, Buffer.alloc(0)],
])('%s: %s', (_, told, bytes) => {
  expect(otherContents(bytes)).toBe(told)
})
