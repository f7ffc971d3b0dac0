import type { FailureCode } from '../contract/errors'
import { RemoteFailure, type RemoteReason } from '../contract/remote-failure'

/** What the runtime calls a failure. */
interface SystemError {
  readonly code?: unknown
  readonly message?: unknown
}

/** Codes of the system and of our own check of the server's certificate. */
const byCode: Readonly<Record<string, RemoteReason>> = {
  ENOTFOUND: 'no_such_host',
  EAI_AGAIN: 'offline',
  ENETUNREACH: 'offline',
  ENETDOWN: 'offline',
  EADDRNOTAVAIL: 'offline',
  EHOSTUNREACH: 'offline',
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'slow_connect',
  CERT_HAS_EXPIRED: 'server_certificate_expired',
  CERT_NOT_YET_VALID: 'server_certificate_expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'server_certificate_name',
  HOSTNAME_MISMATCH: 'server_certificate_name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'server_certificate_unknown',
  SELF_SIGNED_CERT_IN_CHAIN: 'server_certificate_unknown',
  UNABLE_TO_GET_ISSUER_CERT: 'server_certificate_unknown',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'server_certificate_unknown',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'server_certificate_unknown',
  CERT_UNTRUSTED: 'server_certificate_unknown',
  CERT_REJECTED: 'server_certificate_unknown',
  CERT_REVOKED: 'server_certificate_unknown',
  CERT_SIGNATURE_FAILURE: 'server_certificate_unknown',
  CERT_CHAIN_TOO_LONG: 'server_certificate_unknown',
  INVALID_CA: 'server_certificate_unknown',
  INVALID_PURPOSE: 'server_certificate_unknown',
  PATH_LENGTH_EXCEEDED: 'server_certificate_unknown',
  // What OpenSSL and BoringSSL have a number for and Node has no name.
  UNSPECIFIED: 'server_certificate_unknown',
}

/**
 * Names of the alerts by which a server refuses a client certificate. Runtimes write them with blanks or
 * underscores, in the code or in the message. Source: okms-api 8.2; RFC 8446 §6.2.
 */
const alerts: readonly (readonly [RegExp, RemoteReason])[] = [
  [/certificate[ _]?expired/i, 'certificate_expired'],
  [/certificate[ _]?revoked/i, 'certificate_revoked'],
  [/unknown[ _]ca|unknown[ _]psk/i, 'certificate_unknown'],
  [/certificate[ _]?required/i, 'certificate_missing'],
  [/(bad|unsupported)[ _]?certificate|certificate[ _]?unknown/i, 'certificate_refused'],
  [/access[ _]?denied|decrypt[ _]?error|handshake[ _]?failure/i, 'certificate_refused'],
]

/**
 * An authority that may sign for certain names or addresses only. BoringSSL, and so Electron, knows no limits of
 * addresses and refuses every certificate with an address that such an authority signed, as Coffret's own does
 * (`X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE`); for both libraries Node calls it `UNSPECIFIED`.
 */
const limits = /name constraint|subtree violation/i

/** What means that the other end does not speak TLS at all. */
const noTls = /wrong[ _]version[ _]number|packet[ _]length|unknown[ _]protocol|http[ _]request/i

/** How far a request had come when its connection failed. */
export interface Progress {
  /** TLS was agreed upon. */
  readonly isSecure: boolean
  /** The server may have the request. */
  readonly isSent: boolean
  /** We showed a client certificate, and the server has never answered anything yet. */
  readonly isUntried: boolean
  /** Asking twice does no harm. */
  readonly isSafe: boolean
}

/** The failure of a connection. Its message has the system's word for it, and nothing of the request. */
export function connectionFailure(error: unknown, progress: Progress): RemoteFailure {
  if (error instanceof RemoteFailure) return error
  const { code, message } = (error ?? {}) as SystemError
  const word = typeof code === 'string' ? code : ''
  const reason = reasonOf(word, typeof message === 'string' ? message : '', progress)
  const shown = word === '' ? 'the connection failed' : `the connection failed: ${word}`
  return new RemoteFailure(codeOf(reason), reason, shown, { cause: error })
}

function reasonOf(code: string, message: string, progress: Progress): RemoteReason {
  const known =
    code === 'UNSPECIFIED' && limits.test(message) ? 'server_certificate_limits' : byCode[code]
  // Once a request is on its way, whatever ends the connection may have come after its work was done.
  if (known !== undefined && !progress.isSent) return known
  if (/^HPE_/.test(code)) return 'not_an_api'
  const text = `${code} ${message}`
  if (!progress.isSecure && noTls.test(text)) return 'no_tls'
  const alert = alerts.find(([pattern]) => pattern.test(text))
  // An alert comes in the place of any answer: the request was not looked at.
  if (alert !== undefined) return alert[1]
  if (!progress.isSecure) return progress.isUntried ? 'certificate_refused' : 'no_reply'
  // With TLS 1.3 some servers hang up on a certificate without a word, once we believe to be connected.
  return progress.isUntried && progress.isSafe ? 'certificate_refused' : 'no_reply'
}

/** The client certificate and what it may do are a matter of rights, all else of being there. */
function codeOf(reason: RemoteReason): FailureCode {
  if (/^certificate_/.test(reason)) return 'forbidden'
  return reason === 'not_an_api' ? 'invalid' : 'unreachable'
}
