import { expect, test } from 'vitest'
import { fingerprint } from '../../src-main/pki/fingerprint'
import { makeKey, openssl } from './openssl'

test.each(['sha256', 'sha1'] as const)('a fingerprint is what openssl prints, %s', (digest) => {
  const key = openssl(['pkey', '-pubout', '-outform', 'DER'], makeKey())
  const [, printed] = openssl(['dgst', `-${digest}`, '-c'], key)
    .toString()
    .trim()
    .split('= ')
  expect(fingerprint(key, digest)).toBe(printed?.toUpperCase())
})
