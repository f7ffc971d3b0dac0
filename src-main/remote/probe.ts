import { CoffretError } from '../contract/errors'
import type { ProbeResult, ServerCertificate } from '../contract/probe'
import { RemoteFailure, type RemoteReason } from '../contract/remote-failure'
import type { DomainSecret } from '../kv/domain-book'
import { defaultDeadlines, type Deadlines } from './deadlines'
import type { After } from './fetch'
import { MtlsFetch } from './mtls-fetch'
import { lookAtServer, reach } from './tls-probe'
import { endpointOf } from './tunnel'

/** A longer reply is not read, in bytes. */
const maxReplyBytes = 1_048_576

/** Characters of the reply that are shown. */
const maxShown = 4096

/** What is tried. */
export interface ProbeRequest {
  /** `https://host[:port]/path` */
  readonly url: string
  /** Who may have signed the server's certificate, PEM each. */
  readonly authorities: readonly string[]
  /** It goes to this server and nowhere else. */
  readonly certificate: Extract<DomainSecret, { kind: 'certificate' }>
  readonly after: After
  readonly deadlines?: Deadlines
}

/** Nobody was there to show a certificate. */
const unseen: ReadonlySet<RemoteReason> = new Set<RemoteReason>([
  ...(['offline', 'no_such_host', 'refused', 'no_tls', 'slow_connect'] as const),
])

/** Most names of a server's certificate that are shown, and their characters. */
const maxNames = 16
const maxName = 256

/**
 * Shows a client certificate to a server and tells what it answers, or why there is no answer. A refusal
 * of the server is an answer.
 * @throws CoffretError `invalid` with the field `url`
 */
export async function probe(request: ProbeRequest): Promise<ProbeResult> {
  const { url, ...parts } = request
  const { origin, target } = partsOf(url)
  const server = new MtlsFetch({ ...parts, address: origin })
  try {
    const headers = { accept: 'application/json, text/html;q=0.9, */*;q=0.1' }
    const reply = await server.fetch({ method: 'GET', target, headers }, { maxReplyBytes })
    const contentType = reply.headers['content-type']
    return {
      outcome: 'answered',
      status: reply.status,
      ...(contentType === undefined ? {} : { contentType }),
      text: shown(reply.body.slice(0, maxShown)),
      isCut: reply.body.length > maxShown,
      ...(await certificateOf(origin, request)),
    }
  } catch (error) {
    if (!(error instanceof RemoteFailure)) throw error
    const { reason } = error
    const seen = unseen.has(reason) ? {} : await certificateOf(origin, request)
    return { outcome: 'failed', reason, ...seen }
  } finally {
    server.close()
  }
}

/**
 * The certificate that the server shows, by a connection of its own over which nothing is sent: it is
 * wanted most where the one for the request was given up because of it.
 */
async function certificateOf(
  origin: string,
  { authorities, after, deadlines = defaultDeadlines }: ProbeRequest,
): Promise<{ server?: ServerCertificate }> {
  const target = endpointOf(origin)
  const parts = { target, authorities, after, connectMs: deadlines.connectMs }
  try {
    const { certificate } = await lookAtServer(await reach(parts), parts)
    return certificate === undefined ? {} : { server: shownOf(certificate) }
  } catch (error) {
    if (error instanceof RemoteFailure) return {}
    throw error
  }
}

function shownOf(certificate: ServerCertificate): ServerCertificate {
  const { subject, issuer, subjectAltNames, validFrom, validTo, sha256Fingerprint } = certificate
  return {
    ...{ subject: shown(subject.slice(0, maxShown)), issuer: shown(issuer.slice(0, maxShown)) },
    subjectAltNames: subjectAltNames
      .slice(0, maxNames)
      .map((name) => shown(name.slice(0, maxName))),
    ...{ validFrom, validTo, sha256Fingerprint },
  }
}

function partsOf(text: string): { origin: string; target: string } {
  const url = parsed(text)
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw new CoffretError('invalid', 'url is https://host[:port]/path', { field: 'url' })
  }
  return { origin: url.origin, target: url.pathname + url.search }
}

/** Node 18 has no `URL.canParse`. */
function parsed(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

/** Without characters that change how the rest is shown. */
const shown = (text: string): string => text.replace(/[^\P{C}\n\t]/gu, '\ufffd')
