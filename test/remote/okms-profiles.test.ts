import { describe, expect, test } from 'vitest'
import { maxProfileBytes, readOkmsProfiles } from '../../src-main/remote/okms-profiles'

const id = '5a2b2b1c-0b0a-4f3c-8f39-1b2b6b8f0a11'

test('profiles are found with their addresses, regions and ways in', () => {
  const { profiles, active } = readOkmsProfiles(`
version: 1
profile: staging
profiles:
  staging:
    restapi:
      endpoint: https://eu-west-par.okms.ovh.net/
      auth: { type: mtls, cert: ~/okms/7c_certificate.pem, key: ~/okms/7c_privatekey.pem }
    kmip: { endpoint: eu-west-par.okms.ovh.net:5696 }
  bot:
    restapi:
      endpoint: https://vault.example.com:8443/okms
      ca: ./ca.pem
      auth: { type: token, token: abc, okms-id: ${id.toUpperCase()} }
  stick:
    http:
      endpoint: https://us-east-vin.okms.ovh.us
      auth: { type: yubikey, slot: 9a }
`)
  expect(active).toBe('staging')
  expect(profiles).toEqual([
    {
      name: 'staging',
      address: 'https://eu-west-par.okms.ovh.net',
      region: 'eu-west-par',
      authorityFile: undefined,
      auth: {
        kind: 'certificate',
        certificateFile: '~/okms/7c_certificate.pem',
        keyFile: '~/okms/7c_privatekey.pem',
      },
      okmsId: undefined,
      problems: [],
    },
    {
      name: 'bot',
      address: 'https://vault.example.com:8443/okms',
      region: undefined,
      authorityFile: './ca.pem',
      auth: { kind: 'token', token: 'abc' },
      okmsId: id,
      problems: [],
    },
    expect.objectContaining({
      name: 'stick',
      region: 'us-east-vin',
      auth: { kind: 'other', type: 'yubikey' },
      problems: ['auth'],
    }),
  ])
})

test('the old form is read, and names with dots', () => {
  const { profiles, active } = readOkmsProfiles(`
default:
  endpoint: https://eu-west-rbx.okms.ovh.net
  cert: a.pem
  key: b.pem
team:
  blue:
    restapi: { endpoint: https://eu-west-gra.okms.ovh.net, auth: { cert: c.pem, key: d.pem } }
`)
  expect(active).toBe('default')
  expect(profiles.map(({ name, region }) => [name, region])).toEqual([
    ['default', 'eu-west-rbx'],
    ['team.blue', 'eu-west-gra'],
  ])
  expect(profiles[0]?.auth).toEqual({
    kind: 'certificate',
    certificateFile: 'a.pem',
    keyFile: 'b.pem',
  })
})

test('what is missing or wrong is said, and the profile is listed all the same', () => {
  const { profiles, active } = readOkmsProfiles(`
version: 1
profiles:
  plain: { restapi: { endpoint: 'http://example.com', auth: { cert: a.pem } } }
  token: { restapi: { endpoint: 'https://a.example', auth: { type: token } } }
  kmip: { kmip: { endpoint: a } }
  none: 5
`)
  expect(active).toBeUndefined()
  expect(profiles.map(({ name, problems }) => [name, problems])).toEqual([
    ['plain', ['address', 'files']],
    ['token', ['token', 'okmsId']],
  ])
})

describe('A-06: a file made to harm is refused', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name, at) => {
      const above = String.fromCharCode(name.charCodeAt(0) - 1)
      return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${above}`).join(',')}] #${at}`
    }),
  ].join('\n')

  test.each<[string, string]>([
    ['aliases of aliases', bomb],
    ['deep brackets', '['.repeat(100_000)],
    ['deep braces', `a: ${'{a: '.repeat(10_000)}`],
    ['deep dashes', `${'- '.repeat(50_000)}a`],
    ['deep indentation', Array.from({ length: 500 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')],
    ['a tag', 'version: !!js/function "function () { return 1 }"'],
    ['a key twice', 'version: 1\nversion: 1'],
    ['text', 'just a line'],
    ['a list', '- a\n- b'],
    ['nothing', ''],
    ['no YAML', 'a: [1, 2'],
    ['a binary file', '\u0000\u0001\u0002'],
  ])('%s', (_name, text) => {
    expect(() => readOkmsProfiles(text)).toThrow(expect.objectContaining({ code: 'invalid' }))
  })

  test('one that is too long', () => {
    const text = `# ${'x'.repeat(maxProfileBytes)}`
    expect(() => readOkmsProfiles(text)).toThrow(expect.objectContaining({ code: 'too_large' }))
  })

  test('names of objects are names', () => {
    const text =
      'version: 1\nprofiles:\n  __proto__: { restapi: { endpoint: "https://a.example" } }'
    expect(readOkmsProfiles(text).profiles.map(({ name }) => name)).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>)['restapi']).toBeUndefined()
  })

  test('a failure says nothing of the file', () => {
    const failure = (() => {
      try {
        readOkmsProfiles('token: "s3cret\n')
      } catch (error) {
        return error as Error
      }
    })()
    expect(JSON.stringify([failure?.message, failure?.cause])).not.toContain('s3cret')
  })
})
