import type { CertificateInfo } from '../contract/calls'
import { CoffretError } from '../contract/errors'
import type { EpochMs, VaultId } from '../contract/model'
import type { RandomBytes } from '../env'
import { type Authority, newKey, validFromAt } from './authority'
import { clientExtensions, serverExtensions } from './certificate-extensions'
import { parseCertificate } from './certificate-info'
import { commonName } from './certificate-name'
import { type CertificateToWrite, newSerialNumber, writeCertificate } from './certificate-writer'
import { readCertificateRequest } from './certificate-request'
import { writePem } from './pem'

/** A certificate as it leaves: without the authority's own. */
export interface IssuedCertificate {
  readonly certificatePem: string
  /** Serial number, fingerprint and validity among it, as anyone reads it from the certificate. */
  readonly info: CertificateInfo
}

/** A certificate with the key that was made for it. */
export interface IssuedServer extends IssuedCertificate {
  /** PKCS#8, unencrypted. */
  readonly privateKeyPem: string
}

/** A client certificate. */
export interface IssuedClient extends IssuedCertificate {
  /** The serial number as a UUID: the id of the credential, as in OKMS. */
  readonly id: string
  /** What it was named: as asked, or by the request. */
  readonly name: string
  /** PKCS#8, unencrypted; undefined when the key stayed with whoever made the request. */
  readonly privateKeyPem: string | undefined
}

const dayMs = 24 * 60 * 60 * 1000

/** Browsers take no more than 398 days of a server, with what it is dated back. */
const serverLifetimeMs = 396 * dayMs

function privateKeyPem(pkcs8: Uint8Array): string {
  const pem = writePem('PRIVATE KEY', pkcs8)
  pkcs8.fill(0)
  return pem
}

async function issue(
  authority: Authority,
  certificate: Omit<CertificateToWrite, 'serialNumber' | 'validFrom'>,
  { now, random }: { readonly now: EpochMs; readonly random: RandomBytes },
): Promise<IssuedCertificate> {
  const { subjectDer, publicKeyDer } = authority.certificate
  const der = await writeCertificate(
    { subjectDer, publicKeyDer, signingKey: authority.signingKey },
    { ...certificate, serialNumber: newSerialNumber(random), validFrom: validFromAt(now) },
  )
  return { certificatePem: writePem('CERTIFICATE', der), info: parseCertificate(der).info }
}

/** @throws {CoffretError} `invalid` when it has ended: a new authority is needed */
function checkAlive({ certificate }: Authority, now: EpochMs): void {
  if (now >= certificate.info.validTo) {
    throw new CoffretError('invalid', 'the certificate of the authority has expired')
  }
}

/**
 * Issues a certificate with a new key for the listener: `localhost`, `127.0.0.1` and `::1`, 396 days
 * or as long as the authority lives.
 *
 * BoringSSL (Node inside Electron, Bun) knows no constraint on addresses, and so refuses every
 * certificate of this authority with an address in it. A listener gives these clients one with the
 * name only when they ask for `localhost` (SNI); a client of an address names no host.
 * @param options `random` gives the serial number; `hasAddresses` is true unless said; `notAfter` ends
 * it earlier than 396 days
 * @throws {CoffretError} `invalid` when the authority has expired
 */
export async function issueServerCertificate(
  authority: Authority,
  options: {
    readonly now: EpochMs
    readonly random: RandomBytes
    readonly hasAddresses?: boolean
    readonly notAfter?: EpochMs
  },
): Promise<IssuedServer> {
  const { now, hasAddresses = true, notAfter = Infinity } = options
  checkAlive(authority, now)
  const { pkcs8, publicKeyDer } = newKey()
  const end = Math.min(now + serverLifetimeMs, authority.certificate.info.validTo, notAfter)
  const issued = await issue(
    authority,
    {
      subject: [['CN', 'localhost']],
      validTo: end as EpochMs,
      publicKeyDer,
      extensions: (library) => serverExtensions(library, hasAddresses),
    },
    options,
  )
  return { ...issued, privateKeyPem: privateKeyPem(pkcs8) }
}

/** The key to certify: one that was proved by a request, or a new one. */
function clientKey(csr: Uint8Array | undefined) {
  if (csr) return { ...readCertificateRequest(csr), pkcs8: undefined }
  return { ...newKey(), commonName: undefined }
}

/** The id of a credential from the serial number of its certificate. */
const credentialId = (serialNumber: string): string =>
  serialNumber.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

/**
 * Issues a certificate for a client, with a new EC P-256 key or for that of a request. Of a request
 * nothing is taken but the key, and the common name when no other name is given.
 * @param options `name` is 1 to 56 characters without line breaks, and needed without `csr`; `csr` is
 * PEM or DER; `notAfter` is later than now and not after the authority's own end; `random` gives
 * the serial number
 * @throws {CoffretError} `invalid` for any of these, with its `field`
 */
export async function issueClientCertificate(
  authority: Authority,
  options: {
    readonly okmsDomainId: VaultId
    readonly name?: string | undefined
    readonly notAfter: EpochMs
    readonly now: EpochMs
    readonly random: RandomBytes
    readonly csr?: Uint8Array | undefined
  },
): Promise<IssuedClient> {
  const { okmsDomainId, notAfter, now, csr } = options
  checkAlive(authority, now)
  if (notAfter <= now || notAfter > authority.certificate.info.validTo) {
    throw new CoffretError('invalid', 'notAfter is between now and the end of the authority', {
      field: 'notAfter',
    })
  }
  const key = clientKey(csr)
  const name = options.name ?? key.commonName ?? ''
  const issued = await issue(
    authority,
    {
      subject: [['CN', commonName(name, 'name')]],
      validTo: notAfter,
      publicKeyDer: key.publicKeyDer,
      extensions: (library) => clientExtensions(library, okmsDomainId),
    },
    options,
  )
  return {
    ...issued,
    id: credentialId(issued.info.serialNumber),
    name,
    privateKeyPem: key.pkcs8 && privateKeyPem(key.pkcs8),
  }
}

/** What the files of a client certificate are called, as OKMS calls them. */
export function clientFileNames(id: string): { certificate: string; privateKey: string } {
  return { certificate: `${id}_certificate.pem`, privateKey: `${id}_privatekey.pem` }
}
