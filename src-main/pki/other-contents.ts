import type { CredentialReport } from '../contract/calls'
import { DerReader, derTag } from './der'
import { publicKeyKind } from './key-kind'

type Problem = NonNullable<CredentialReport['files'][number]['problem']>

/** What people take for a certificate or a private key. */
export type OtherContents = Extract<
  Problem,
  'certificate-request' | 'public-key' | 'java-key-store'
>

/** Whether `is` comes to an end without a complaint. */
function holds(is: () => void): boolean {
  try {
    is()
    return true
  } catch {
    return false
  }
}

/** Source: RFC 2986 §4.1: a version, a name and a public key, where a certificate has its times. */
function isRequest(der: Uint8Array): boolean {
  return holds(() => {
    const signed = new DerReader(der).enter(derTag.sequence).enter(derTag.sequence)
    signed.next(derTag.integer)
    signed.next(derTag.sequence)
    publicKeyKind(signed.next(derTag.sequence).whole)
  })
}

/** SubjectPublicKeyInfo, or RSAPublicKey (RFC 8017 appendix A.1.1): two integers. */
function isPublicKey(der: Uint8Array): boolean {
  const isRsa = (): void => {
    const fields = new DerReader(der).enter(derTag.sequence)
    fields.next(derTag.integer)
    fields.next(derTag.integer)
    fields.end()
  }
  return holds(() => publicKeyKind(der)) || holds(isRsa)
}

/** JKS and JCEKS: what Java wrote by itself until version 8. */
const javaMagics = ['feedfeed', 'cececece']

/** A line of `authorized_keys`. Source: RFC 4253 §6.6, RFC 5656, RFC 8709. */
const opensshLine = /^\s*(ssh-(rsa|dss|ed25519)|ecdsa-sha2-nistp\d+) AAAA/

/** What bytes are that hold neither certificate nor private key, where there is a word for it. */
export function otherContents(bytes: Uint8Array): OtherContents | undefined {
  const start = Buffer.from(bytes.subarray(0, 64))
  if (javaMagics.includes(start.toString('hex', 0, 4))) return 'java-key-store'
  if (opensshLine.test(start.toString('latin1'))) return 'public-key'
  if (isPublicKey(bytes)) return 'public-key'
  return isRequest(bytes) ? 'certificate-request' : undefined
}
