import type { Extension } from '@peculiar/x509'
import type { X509Library } from './certificate-writer'
import * as der from './der-writer'

const id = {
  subjectAltName: '2.5.29.17',
  nameConstraints: '2.5.29.30',
  userPrincipalName: '1.3.6.1.4.1.311.20.2.3',
} as const

/** The one DNS name and the addresses of this machine: address and mask, RFC 5280 §4.2.1.10. */
const loopback = {
  name: Buffer.from('localhost'),
  addresses: [
    Buffer.from('7f000000ff000000', 'hex'),
    Buffer.from(`${'00'.repeat(15)}01${'ff'.repeat(16)}`, 'hex'),
  ],
}

/**
 * `permittedSubtrees`: a server that this authority vouches for is on this machine, whoever got the
 * key. A constraint binds names of its own form only, so the otherName of a client certificate and
 * the subject stay free; what the names do not bind, the extended key usage does (mail, code).
 */
function loopbackOnly() {
  const { name, addresses } = loopback
  const constraints = der.sequence(
    der.implicit(
      0,
      der.sequence(der.implicitOctets(2, name)),
      ...addresses.map((address) => der.sequence(der.implicitOctets(7, address))),
    ),
  )
  return Uint8Array.from(constraints)
}

/** What the vault's authority may do: sign leaf certificates of this machine, and revocation lists. */
export function authorityExtensions(x509: X509Library): Extension[] {
  const { keyCertSign, cRLSign } = x509.KeyUsageFlags
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage
  return [
    new x509.BasicConstraintsExtension(true, 0, true),
    new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
    new x509.ExtendedKeyUsageExtension([serverAuth, clientAuth]),
    new x509.Extension(id.nameConstraints, true, loopbackOnly()),
  ]
}

function leafExtensions(x509: X509Library, usage: 'serverAuth' | 'clientAuth'): Extension[] {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[usage]]),
  ]
}

/** A server on the loopback of this machine. @param hasAddresses or the name `localhost` only */
export function serverExtensions(x509: X509Library, hasAddresses: boolean): Extension[] {
  const addresses = hasAddresses ? ['127.0.0.1', '::1'] : []
  const names = new x509.SubjectAlternativeNameExtension([
    { type: 'dns', value: 'localhost' },
    ...addresses.map((value) => ({ type: 'ip' as const, value })),
  ])
  return [...leafExtensions(x509, 'serverAuth'), names]
}

/**
 * A client of an OKMS domain. The subjectAltName is critical, and holds the domain as the one user
 * principal name `okms.domain:<id>`, as in the access certificates of OKMS.
 */
export function clientExtensions(x509: X509Library, okmsDomainId: string): Extension[] {
  const name = der.implicit(
    0,
    der.oid(id.userPrincipalName),
    der.explicit(0, der.utf8String(`okms.domain:${okmsDomainId}`)),
  )
  return [
    ...leafExtensions(x509, 'clientAuth'),
    new x509.Extension(id.subjectAltName, true, Uint8Array.from(der.sequence(name))),
  ]
}
