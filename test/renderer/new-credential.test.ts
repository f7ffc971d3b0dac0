import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { readCertificateRequest } from '../../src-main/pki/certificate-request'
import { requestText } from '../../src-renderer/state/new-credential.svelte'

const request = (form: 'PEM' | 'DER') =>
  new Uint8Array(
    execFileSync(
      'openssl',
      [
        ...['req', '-new', '-nodes', '-subj', '/CN=ci', '-outform', form, '-keyout', '/dev/null'],
        ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    ),
  )

test.each(['PEM', 'DER'] as const)('a request of a file in %s becomes text', (form) => {
  const text = requestText(request(form))
  expect(text).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n/)
  expect(text.split('\n').every((line) => line.length <= 64)).toBe(true)
  expect(readCertificateRequest(new TextEncoder().encode(text)).commonName).toBe('ci')
})

test('what is no request stays what it is', () => {
  expect(requestText(new TextEncoder().encode('hello'))).toBe('hello')
  expect(requestText(new Uint8Array())).toBe('')
})
