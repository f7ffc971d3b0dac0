import type { CallArguments } from '../contract/calls'
import type { FileRemoval } from '../contract/domain-calls'
import type { StoreRegistry } from '../stores/store-registry'
import type { CredentialTools, HandlerPorts } from './ports'

type Asked = CallArguments<'domain.removeFiles'>

/** Deletes files from which a domain's credential came, see `domain.removeFiles`. */
export async function removeFiles(
  { domain, files, password }: Asked,
  { stores, credentials, files: disk }: Pick<HandlerPorts, 'stores' | 'credentials' | 'files'>,
): Promise<FileRemoval[]> {
  const certificate = certificateOf(domain, stores)
  const removals: FileRemoval[] = []
  for (const { path, bytes } of files) {
    const isOurs = await holds({ bytes, password, certificate }, credentials)
    removals.push({ path, outcome: isOurs ? await disk.removeIfSame(path, bytes) : 'foreign' })
    bytes.fill(0)
  }
  return removals
}

function certificateOf(id: Asked['domain'], { domains }: StoreRegistry): Uint8Array {
  return new TextEncoder().encode(domains.certificateOf(id) ?? '')
}

/** Whether a file holds the certificate that a domain is entered with, or its key. */
async function holds(
  one: { bytes: Uint8Array; password: string | undefined; certificate: Uint8Array },
  tools: CredentialTools,
): Promise<boolean> {
  const { bytes, password, certificate } = one
  if (certificate.length === 0) return false
  const file = { name: 'file', bytes }
  const kept = await tools.inspect({
    files: [{ name: 'kept', bytes: certificate }],
    password: undefined,
  })
  const alone = await tools.inspect({ files: [file], password })
  const [leaf] = kept.certificates
  const isIn = alone.certificates.some((c) => c.sha256Fingerprint === leaf?.sha256Fingerprint)
  if (isIn || alone.certificates.length > 0) return isIn
  const both = await tools.inspect({
    files: [file, { name: 'kept', bytes: certificate }],
    password,
  })
  return both.key !== undefined && both.problems.length === 0
}
