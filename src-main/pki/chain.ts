import type { KeyObject } from 'node:crypto'
import type { Certificate } from './certificate-info'

/** Certificates in the order in which TLS and PKCS#12 want them. */
export interface Chain {
  /** The leaf, its issuer, the issuer's issuer … as far as they were given. */
  readonly path: readonly Certificate[]
  /** Those that belong to no chain of the leaf. */
  readonly others: readonly Certificate[]
}

/** Whether one has signed the other. The names are compared first: signatures cost more. */
function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  if (!issuer.hasSupportedKey || Buffer.compare(certificate.issuerDer, issuer.subjectDer) !== 0) {
    return false
  }
  try {
    return certificate.x509.verify(issuer.x509.publicKey)
  } catch {
    return false
  }
}

/** Whether a certificate names itself as its issuer: the end of a chain. */
export function isSelfIssued(certificate: Certificate): boolean {
  return Buffer.compare(certificate.issuerDer, certificate.subjectDer) === 0
}

/**
 * Whether the certificate holds the public half of the key.
 * Only the public numbers are compared; `credential-tools` has the key prove itself by signing.
 */
export function belongsTo(certificate: Certificate, key: KeyObject): boolean {
  try {
    return certificate.hasSupportedKey && certificate.x509.checkPrivateKey(key)
  } catch {
    return false
  }
}

/** Without a key: the first that none of the others names as its issuer, rather one that is no CA. */
function likelyLeaf(certificates: readonly Certificate[]): Certificate | undefined {
  const hasIssued = (one: Certificate): boolean =>
    certificates.some(
      (other) => other !== one && Buffer.compare(other.issuerDer, one.subjectDer) === 0,
    )
  const ends = certificates.filter((one) => !one.info.isCa)
  return ends.find((one) => !hasIssued(one)) ?? certificates.find((one) => !hasIssued(one))
}

/**
 * Puts certificates in order, whatever order they came in. Among several that fit, a renewed leaf
 * or a renewed authority, the one that is valid longest is taken. Each is used once, so authorities
 * that have issued each other end the chain too.
 * @param key the private key; undefined when there is none
 */
export function orderChain(certificates: readonly Certificate[], key?: KeyObject): Chain {
  const rest = new Set([...certificates].sort((a, b) => b.info.validTo - a.info.validTo))
  const take = (one: Certificate | undefined): Certificate | undefined => {
    if (one) rest.delete(one)
    return one
  }
  const ofKey = key && [...rest].find((one) => belongsTo(one, key))
  const path: Certificate[] = []
  let last = take(ofKey ?? likelyLeaf(certificates) ?? certificates[0])
  while (last) {
    path.push(last)
    const issued = last
    last = isSelfIssued(issued) ? undefined : take([...rest].find((one) => isIssuedBy(issued, one)))
  }
  return { path, others: certificates.filter((one) => rest.has(one)) }
}
