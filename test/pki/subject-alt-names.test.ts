import { describe, expect, test } from 'vitest'
import { parseCertificate } from '../../src-main/pki/certificate-info'
import { readSubjectAltNames } from '../../src-main/pki/subject-alt-names'
import { derOf, makeCertificate, makeKey } from './openssl'

const id = '0a1b2c3d-1111-2222-3333-44445555666f'
const key = makeKey()
const read = (names: string) =>
  parseCertificate(
    derOf(makeCertificate({ key, extensions: [`subjectAltName=critical,${names}`] }).certificate),
  ).info
const upn = (text: string): string => `otherName:1.3.6.1.4.1.311.20.2.3;UTF8:${text}`

test('each name is shown with its kind', () => {
  const names = ['DNS:*.example.org', 'IP:127.0.0.1', 'IP:2001:db8::1', 'email:a@example.org']
  expect(
    read([...names, 'URI:https://example.org/a?b', upn('me@corp')].join(',')).subjectAltNames,
  ).toEqual([
    'DNS:*.example.org',
    'IP:127.0.0.1',
    'IP:2001:db8:0:0:0:0:0:1',
    'email:a@example.org',
    'URI:https://example.org/a?b',
    'UPN:me@corp',
  ])
})

describe('the OKMS domain', () => {
  test('is read from the user principal name', () => {
    expect(read(upn(`okms.domain:${id}`))).toMatchObject({
      okmsDomainId: id,
      subjectAltNames: [`UPN:okms.domain:${id}`],
    })
  })

  test('is read in lower case, among other names', () => {
    const names = `DNS:a,${upn('me@corp')},${upn(`okms.domain:${id.toUpperCase()}`)}`
    expect(read(names).okmsDomainId).toBe(id)
  })

  test.each([
    ['any domain', upn('okms.domain:*')],
    ['the domain of zeros', upn('okms.domain:00000000-0000-0000-0000-000000000000')],
    ['something before it', upn(`x okms.domain:${id}`)],
    ['something after it', upn(`okms.domain:${id}0`)],
    ['a domain in another kind of name', `otherName:1.2.3.4;UTF8:okms.domain:${id}`],
    ['a domain as a host', `DNS:okms.domain:${id}`],
  ])('is not read from %s', (_, names) => {
    expect(read(names)).not.toHaveProperty('okmsDomainId')
  })
})

test('what is no list of names is refused', () => {
  for (const hex of ['', '04', '0400', '3002a000', '300000']) {
    expect(() => readSubjectAltNames(Uint8Array.from(Buffer.from(hex, 'hex')))).toThrow(
      expect.objectContaining({ code: 'invalid' }),
    )
  }
})
