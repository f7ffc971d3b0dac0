import { generateKeyPairSync } from 'node:crypto'
import { CoffretError } from '../contract/errors'
import type { EpochMs, VaultId } from '../contract/model'
import type { RandomBytes } from '../env'
import { authorityExtensions } from './certificate-extensions'
import { type Certificate, parseCertificate } from './certificate-info'
import { commonName } from './certificate-name'
import {
  type SigningKey,
  importSigningKey,
  loadLibrary,
  newSerialNumber,
  writeCertificate,
} from './certificate-writer'
import { writePem } from './pem'
import { openPrivateKey, provesCertificate } from './private-key'

/** The authority of a vault as it is kept, sealed. */
export interface StoredAuthority {
  /** DER. */
  readonly certificate: Uint8Array
  /** PKCS#8, unencrypted: it goes nowhere but into the vault. Its holder wipes it. */
  readonly privateKey: Uint8Array
}

/** An authority that can sign. */
export interface Authority {
  readonly certificate: Certificate
  /** What clients are given to trust. */
  readonly certificatePem: string
  readonly signingKey: SigningKey
}

const dayMs = 24 * 60 * 60 * 1000
const lifetimeMs = 3652 * dayMs

/**
 * How long before now everything begins to be valid. Clocks differ between a machine, its virtual
 * machines and its containers, and a clock may be set back.
 */
const backdatingMs = 60 * 60 * 1000

/** When something that is signed now begins to be valid. */
export const validFromAt = (now: EpochMs): EpochMs => (now - backdatingMs) as EpochMs

/** A new EC P-256 key. It comes from Node's own generator, which takes no source from outside. */
export function newKey(): { readonly pkcs8: Uint8Array; readonly publicKeyDer: Uint8Array } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  })
  return { pkcs8: privateKey, publicKeyDer: publicKey }
}

/**
 * Makes the authority of a vault: EC P-256, ten years, `CN=Coffret <label>`, and the vault's id
 * beside it, so that two vaults of the same name are two authorities.
 * @param options `random` gives the serial number; `label` is 1 to 56 characters, see `fittingName`
 * @throws {CoffretError} `invalid` for a label that cannot be a name
 */
export async function createAuthority(options: {
  readonly vaultId: VaultId
  readonly label: string
  readonly now: EpochMs
  readonly random: RandomBytes
}): Promise<StoredAuthority & { readonly certificatePem: string }> {
  const { vaultId, label, now, random } = options
  const name = commonName(label, 'label')
  const { pkcs8, publicKeyDer } = newKey()
  const signingKey = await importSigningKey(pkcs8)
  const certificate = await writeCertificate(
    { subjectDer: undefined, publicKeyDer, signingKey },
    {
      serialNumber: newSerialNumber(random),
      subject: [
        ['OU', vaultId],
        ['CN', name],
      ],
      validFrom: validFromAt(now),
      validTo: (now + lifetimeMs) as EpochMs,
      publicKeyDer,
      extensions: authorityExtensions,
    },
  )
  return { certificate, certificatePem: writePem('CERTIFICATE', certificate), privateKey: pkcs8 }
}

/** Whether it says of itself what we write into every authority, constraints first of all. */
async function isOurs(der: Uint8Array): Promise<boolean> {
  const library = await loadLibrary()
  const written = new library.X509Certificate(Uint8Array.from(der))
  return authorityExtensions(library).every(({ type, rawData }) => {
    const found = written.getExtension(type)
    return found !== null && Buffer.from(found.rawData).equals(Buffer.from(rawData))
  })
}

async function open({ certificate: der, privateKey }: StoredAuthority): Promise<Authority> {
  const certificate = parseCertificate(der)
  const opened = openPrivateKey({ form: 'pkcs8', der: privateKey }, '')
  const isPair =
    opened.type === 'EC P-256' &&
    provesCertificate(opened.key, certificate) &&
    certificate.x509.verify(certificate.x509.publicKey)
  if (!isPair) throw new CoffretError('corrupt', 'key and certificate of the authority differ')
  if (!(await isOurs(der))) {
    throw new CoffretError('corrupt', 'certificate of the authority is not one that a vault makes')
  }
  return {
    certificate,
    certificatePem: writePem('CERTIFICATE', der),
    signingKey: await importSigningKey(privateKey),
  }
}

/**
 * Opens an authority that was kept. Whether it is still valid is seen when it signs. The signing
 * key stays in memory until it is collected; `privateKey` may be wiped at once.
 * @throws {CoffretError} `corrupt` when it is no authority of a vault, or the key is another's
 */
export async function openAuthority(stored: StoredAuthority): Promise<Authority> {
  try {
    return await open(stored)
  } catch (cause) {
    if (cause instanceof CoffretError && cause.code === 'corrupt') throw cause
    throw new CoffretError('corrupt', 'the authority of the vault cannot be read', { cause })
  }
}
