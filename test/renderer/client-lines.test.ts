import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { parse } from 'yaml'
import { describe, expect, test } from 'vitest'
import { clients, linesFor, type ClientAccess } from '../../src-renderer/state/client-lines'

const byToken: ClientAccess = {
  address: 'https://127.0.0.1:8250',
  okmsId: '0b1c2d3e-0000-4000-8000-000000000000',
  caFile: '/home/zoé/My Files/ca.pem',
  credential: { kind: 'token', token: 'cft_abc' },
}
const byCertificate: ClientAccess = {
  ...byToken,
  credential: {
    kind: 'certificate',
    certificate: '/x/a_certificate.pem',
    key: '/x/a_privatekey.pem',
  },
}

/** What a shell makes of the lines: its variables. */
function exported(lines: string): Record<string, string> {
  const print =
    'for v in VAULT_ADDR VAULT_CACERT VAULT_TOKEN; do eval "printf \'%s\\0\' \\"\\$$v\\""; done'
  const out = execFileSync('sh', ['-c', `${lines}\n${print}`], { encoding: 'utf8', env: {} })
  const [VAULT_ADDR = '', VAULT_CACERT = '', VAULT_TOKEN = ''] = out.split('\0')
  return { VAULT_ADDR, VAULT_CACERT, VAULT_TOKEN }
}

test('a shell gets the very values, whatever is in a file name', () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((text) => !text.includes('\0'))
  fc.assert(
    fc.property(name, (caFile) => {
      expect(exported(linesFor('shell', { ...byToken, caFile }))).toEqual({
        VAULT_ADDR: byToken.address,
        VAULT_CACERT: caFile,
        VAULT_TOKEN: 'cft_abc',
      })
    }),
    { numRuns: 40 },
  )
})

test('the profile of okms-cli is YAML with the values of its own names', () => {
  expect(parse(linesFor('okms', byToken))).toMatchObject({
    version: 1,
    profile: 'coffret',
    profiles: {
      coffret: {
        restapi: {
          endpoint: byToken.address,
          ca: byToken.caFile,
          auth: { type: 'token', token: 'cft_abc', okmsId: byToken.okmsId },
        },
      },
    },
  })
  expect(parse(linesFor('okms', byCertificate))).toMatchObject({
    profiles: {
      coffret: {
        restapi: {
          auth: { type: 'mtls', cert: '/x/a_certificate.pem', key: '/x/a_privatekey.pem' },
        },
      },
    },
  })
})

test('curl gets a token by standard input, never as an argument', () => {
  const line = linesFor('curl', byToken)
  expect(line).toMatch(/^printf .* \|\n {2}curl /)
  expect(line.split('\n')[1]).not.toContain('cft_abc')
})

describe.each(clients)('%s', (client) => {
  test('has lines for a token and for a certificate, and each names its own', () => {
    const [token, certificate] = [linesFor(client, byToken), linesFor(client, byCertificate)]
    expect(token).toContain('cft_abc')
    expect(token).not.toContain('privatekey')
    expect(certificate).not.toContain('cft_abc')
    for (const line of [token, certificate]) {
      expect(line).toContain('https://127.0.0.1:8250')
      expect(line).toContain('/home/zoé/My Files/ca.pem')
    }
  })
})
