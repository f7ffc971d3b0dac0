import type { EpochMs } from '../contract/model'
import type { RandomBytes } from '../env'
import type { CredentialFile } from './credential-files'
import { checkNewPassword, examineSound } from './credential-tools'
import { writePem } from './pem'
import { encryptKey } from './pkcs12'

/** A credential as PEM files hold it, in ASCII. */
export interface ExtractedPem {
  /** The certificate of the key, then the chain above it. */
  readonly certificates: Uint8Array
  /** PKCS#8. The caller wipes it. */
  readonly key: Uint8Array
}

/**
 * Takes a PKCS#12 file apart, or puts any other files into this form.
 * @param request `keyPassword` opens the files; `newKeyPassword` closes the key that is given (PBES2,
 * AES-256), 1 to 1,024 characters; without it the key is in the clear
 * @throws {CoffretError} as `makePkcs12`
 */
export async function extractPem(request: {
  readonly files: readonly CredentialFile[]
  readonly keyPassword?: string | undefined
  readonly newKeyPassword?: string | undefined
  readonly random: RandomBytes
  readonly now: EpochMs
}): Promise<ExtractedPem> {
  const { files, keyPassword, newKeyPassword, random, now } = request
  if (newKeyPassword !== undefined) checkNewPassword(newKeyPassword)
  const { chain, key: opened } = examineSound(files, keyPassword, now)
  const { key } = opened
  const certificates = chain.path.map(({ der }) => writePem('CERTIFICATE', der)).join('')
  const der =
    newKeyPassword === undefined
      ? key.export({ format: 'der', type: 'pkcs8' })
      : await encryptKey(key, newKeyPassword, 'modern', random)
  const label = newKeyPassword === undefined ? 'PRIVATE KEY' : 'ENCRYPTED PRIVATE KEY'
  const written = Buffer.from(writePem(label, der))
  der.fill(0)
  return { certificates: Buffer.from(certificates), key: written }
}
