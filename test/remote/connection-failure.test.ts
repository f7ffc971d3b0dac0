import { expect, test } from 'vitest'
import { connectionFailure, type Progress } from '../../src-main/remote/connection-failure'

const early: Progress = { isSecure: false, isSent: false, isUntried: true, isSafe: true }
const late: Progress = { isSecure: true, isSent: true, isUntried: true, isSafe: true }
const error = (code: string, message = '') => Object.assign(new Error(message), { code })

/** What Node and Electron report for a client certificate that is refused. Source: okms-api 8.2. */
test.each<[string, Error, Progress, string]>([
  [
    'TLS 1.3, unknown authority',
    error('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'),
    late,
    'certificate_unknown',
  ],
  [
    'TLS 1.2, unknown authority',
    error('EPROTO', 'write EPROTO 1:error:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:'),
    early,
    'certificate_unknown',
  ],
  [
    'Node, none shown',
    error('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'),
    late,
    'certificate_missing',
  ],
  [
    'Electron, none shown',
    error('ERR_SSL_TLSV1_ALERT_CERTIFICATE_REQUIRED'),
    late,
    'certificate_missing',
  ],
  [
    'TLS 1.2, none shown',
    error('EPROTO', 'sslv3 alert handshake failure'),
    early,
    'certificate_refused',
  ],
  ['ended', error('ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED'), late, 'certificate_expired'],
  ['revoked', error('ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED'), late, 'certificate_revoked'],
  ['of another domain', error('ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE'), late, 'certificate_refused'],
  ['unknown', error('ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN'), late, 'certificate_refused'],
  ['no right', error('ERR_SSL_TLSV1_ALERT_ACCESS_DENIED'), late, 'certificate_refused'],
  ['hung up on', error('ECONNRESET'), late, 'certificate_refused'],
])('a client certificate: %s', (_name, cause, progress, reason) => {
  expect(connectionFailure(cause, progress)).toMatchObject({ code: 'forbidden', reason })
})

test.each<[string, string]>([
  ['ENOTFOUND', 'no_such_host'],
  ['EAI_AGAIN', 'offline'],
  ['ENETUNREACH', 'offline'],
  ['EHOSTUNREACH', 'offline'],
  ['ECONNREFUSED', 'refused'],
  ['ETIMEDOUT', 'slow_connect'],
  ['CERT_HAS_EXPIRED', 'server_certificate_expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'server_certificate_name'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'server_certificate_unknown'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'server_certificate_unknown'],
])('%s is %s', (code, reason) => {
  expect(connectionFailure(error(code), early)).toMatchObject({ code: 'unreachable', reason })
})

test.each([
  ['unsupported name constraint type', 'server_certificate_limits'],
  ['permitted subtree violation', 'server_certificate_limits'],
  ['excluded subtree violation', 'server_certificate_limits'],
  ['unhandled critical extension', 'server_certificate_unknown'],
])('a verification that Node has no name for, “%s”, is %s', (message, reason) => {
  const cause = error('UNSPECIFIED', message)
  expect(connectionFailure(cause, early)).toMatchObject({ code: 'unreachable', reason })
})

test('once a request is out, no failure says that it was not', () => {
  for (const code of ['ETIMEDOUT', 'ECONNREFUSED', 'EPIPE', 'ECONNRESET']) {
    const progress = { ...late, isSafe: false }
    expect(connectionFailure(error(code), progress)).toMatchObject({ reason: 'no_reply' })
  }
})

test('what is wrong with the server’s certificate is not taken for ours', () => {
  const cause = error('CERT_HAS_EXPIRED', 'certificate has expired')
  expect(connectionFailure(cause, early).reason).toBe('server_certificate_expired')
})

test('a message has the word of the system, and nothing else of it', () => {
  const failure = connectionFailure(error('ECONNRESET', 'read s3cret'), late)
  expect(failure.message).toBe('the connection failed: ECONNRESET')
})
