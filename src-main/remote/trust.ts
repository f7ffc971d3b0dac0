import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { CoffretError } from '../contract/errors'
import type { TrustedAuthorities } from '../contract/domain'
import { findPemBlocks, maxPemBlocks, writePem } from '../pki/pem'

/**
 * The authorities that a server's certificate may come from, PEM, always named one by one: so neither
 * `NODE_EXTRA_CA_CERTS` nor `SSL_CERT_FILE` adds any. Public ones are those that come with the runtime.
 * @throws CoffretError `invalid` with the field `authorities` when the text holds no certificate
 */
export function authoritiesOf(trusted: TrustedAuthorities): readonly string[] {
  if (trusted.kind === 'public') return rootCertificates
  const own = readAuthorities(trusted.pem)
  return trusted.withPublic ? [...rootCertificates, ...own] : own
}

/** The certificates of a PEM text, in its order. @throws CoffretError as {@link authoritiesOf} */
export function readAuthorities(pem: string): readonly string[] {
  const blocks = findPemBlocks(new TextEncoder().encode(pem)).filter(({ label }) =>
    label.endsWith('CERTIFICATE'),
  )
  if (blocks.length === 0) throw invalid('there is no certificate in it')
  if (blocks.length > maxPemBlocks) throw invalid(`more than ${maxPemBlocks} certificates`)
  return blocks.map(({ der }) => {
    try {
      if (der === undefined) throw new Error('not base64')
      return writePem('CERTIFICATE', new X509Certificate(der).raw)
    } catch (cause) {
      throw invalid('one of its certificates is damaged', cause)
    }
  })
}

function invalid(problem: string, cause?: unknown): CoffretError {
  const options = { field: 'authorities', ...(cause === undefined ? {} : { cause }) }
  return new CoffretError('invalid', `authorities: ${problem}`, options)
}
