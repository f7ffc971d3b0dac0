import type { CertificateInfo } from '../contract/calls'
import type { DomainProfile } from '../contract/domain'
import { CoffretError } from '../contract/errors'
import type { EpochMs } from '../contract/model'
import { RemoteFailure } from '../contract/remote-failure'
import type { DomainSecret } from '../kv/domain-book'
import { parseCertificate } from '../pki/certificate-info'
import { findPemBlocks } from '../pki/pem'
import { keyForm, openPrivateKey, provesCertificate } from '../pki/private-key'

/**
 * Checks a credential before anything is sent: that it is of the profile's kind, that key and certificate
 * belong together, that the certificate is valid now, is for clients, and is of the profile's domain.
 * @returns what the certificate says; undefined for a token
 * @throws RemoteFailure `key_mismatch`, `certificate_expired`, `certificate_not_yet_valid`,
 * `not_for_clients`, `wrong_domain`; CoffretError `invalid` for what is no credential
 */
export function checkCredential(
  profile: DomainProfile,
  secret: DomainSecret,
  now: EpochMs,
): CertificateInfo | undefined {
  if (profile.auth !== secret.kind) throw invalid(`a ${profile.auth} is expected`)
  if (secret.kind === 'token') {
    // A line end would begin another header.
    if (!/^[\x21-\x7e]{1,16384}$/.test(secret.token)) throw invalid('the token is not one line')
    return undefined
  }
  const info = checkPair(secret)
  if (now > info.validTo) throw refused('certificate_expired', 'the client certificate has ended')
  if (now < info.validFrom) {
    throw refused('certificate_not_yet_valid', 'the client certificate is not valid yet')
  }
  if (!info.clientAuth) throw refused('not_for_clients', 'the certificate is not for clients')
  if (profile.kind !== 'vault' && info.okmsDomainId !== undefined) {
    if (info.okmsDomainId !== profile.okmsId) {
      throw refused('wrong_domain', `the certificate is of the domain ${info.okmsDomainId}`)
    }
  }
  return info
}

function checkPair({ certificate, privateKey }: Extract<DomainSecret, { kind: 'certificate' }>) {
  const [leaf] = blocksOf(certificate)
  const [key] = blocksOf(privateKey)
  const form = key && keyForm(key)
  if (leaf === undefined || key === undefined || form === undefined) {
    throw invalid('a certificate and its private key are expected')
  }
  const parsed = parseCertificate(leaf)
  const opened = openPrivateKey({ form, der: key }, '')
  if (!provesCertificate(opened.key, parsed)) {
    throw refused('key_mismatch', 'the private key does not belong to the certificate')
  }
  return parsed.info
}

function blocksOf(pem: string): Uint8Array[] {
  return findPemBlocks(new TextEncoder().encode(pem)).flatMap(({ der }) => der ?? [])
}

function refused(
  reason:
    | 'key_mismatch'
    | 'certificate_expired'
    | 'certificate_not_yet_valid'
    | 'not_for_clients'
    | 'wrong_domain',
  message: string,
): RemoteFailure {
  const code = reason === 'key_mismatch' ? 'key_mismatch' : 'forbidden'
  return new RemoteFailure(code, reason, message)
}

function invalid(message: string): CoffretError {
  return new CoffretError('invalid', message, { field: 'secret' })
}
