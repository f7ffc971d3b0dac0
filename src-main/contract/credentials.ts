import './without-eval'
import { z } from 'zod'
import { EpochMs } from './model'

/** One certificate found in the files. */
export const CertificateInfo = z.object({
  /** As RFC 4514 writes it, with a space after each comma; control characters escaped. */
  subject: z.string(),
  issuer: z.string(),
  /** Hexadecimal, upper case. */
  serialNumber: z.string(),
  validFrom: EpochMs,
  validTo: EpochMs,
  /** `RSA 2048`, `EC P-256`, `Ed25519`; an object identifier when it is none that we know. */
  keyType: z.string(),
  /** Hexadecimal pairs in upper case, separated by colons. */
  sha256Fingerprint: z.string(),
  sha1Fingerprint: z.string(),
  /** With their kind in front: `DNS:localhost`, `IP:127.0.0.1`, `UPN:okms.domain:…`. */
  subjectAltNames: z.array(z.string()).readonly(),
  /** From the SAN of an OKMS access certificate. */
  okmsDomainId: z.string().optional(),
  /** The extended key usages: `clientAuth`, `serverAuth`, …; an object identifier when unknown. */
  extendedKeyUsages: z.array(z.string()).readonly(),
  /** It may identify a client: no extended key usage, or one that allows it. */
  clientAuth: z.boolean(),
  isCa: z.boolean(),
})
export type CertificateInfo = z.infer<typeof CertificateInfo>

/** What one credential file holds. */
const CredentialFileReport = z.object({
  name: z.string(),
  /** `pkcs12` and `archive` (ZIP) say what holds the others; a closed PKCS#12 file holds nothing yet. */
  found: z
    .array(z.enum(['archive', 'pkcs12', 'certificate', 'private-key', 'encrypted-private-key']))
    .readonly(),
  /**
   * What is wrong with the file. `too-many`: with it there are more than 64 certificates and keys.
   * `damaged`: it begins like a certificate, key or PKCS#12 file and is none. `unsupported`: a
   * PKCS#12 file with a cipher that we do not take, or that asks for too much work.
   * `unsafe-archive`: a ZIP that is damaged, too large when unpacked, or has names or links that
   * lead out of it. The others are what people take for a certificate or a private key.
   */
  problem: z
    .enum([
      ...['empty', 'not-a-credential', 'too-large', 'too-many', 'damaged', 'unsupported'],
      ...['encrypted-archive', 'nested-archive', 'unsafe-archive'],
      ...['certificate-request', 'public-key', 'java-key-store'],
    ] as const)
    .optional(),
})

/** What a set of credential files holds. Never a private key. */
export const CredentialReport = z.object({
  files: z
    .array(
      CredentialFileReport.extend({
        /** Of an archive: the files in it. */
        entries: z.array(CredentialFileReport).readonly().optional(),
      }),
    )
    .readonly(),
  /** The name that a PKCS#12 file gives to its key. */
  friendlyName: z.string().optional(),
  /** The chain in order, the certificate of the key first; then those that belong to no chain of it. */
  certificates: z.array(CertificateInfo).readonly(),
  /** How many of the certificates are the chain: these go into a file, the others do not. */
  chainLength: z.number().int().min(0),
  /**
   * The one key. Its type is `unknown` while it is closed, or when it is damaged; `encrypted` says
   * how the file holds it.
   */
  key: z.object({ type: z.string(), encrypted: z.boolean() }).optional(),
  /** On `key-mismatch`: SHA-256 of the two public keys, that of the first certificate and the key's. */
  mismatch: z.object({ certificate: z.string(), key: z.string() }).optional(),
  /**
   * What stands in the way of a PKCS#12 file. `key-encrypted` and `wrong-password` are also said of
   * a PKCS#12 file that is closed. `unsupported-encryption`: of the key, by its kind or its cost.
   */
  problems: z
    .array(
      z.enum([
        'no-certificate',
        'no-key',
        'several-keys',
        'key-mismatch',
        'key-encrypted',
        'wrong-password',
        'unsupported-key',
        'unsupported-encryption',
        'damaged-key',
      ]),
    )
    .readonly(),
  /**
   * What a person should know, without standing in the way. `incomplete-chain`: a CA certificate
   * was given that does not connect to the others, so one between them is missing.
   */
  warnings: z
    .array(z.enum(['expired', 'not-yet-valid', 'not-for-client-auth', 'incomplete-chain']))
    .readonly(),
})
export type CredentialReport = z.infer<typeof CredentialReport>
