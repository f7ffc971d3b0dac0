import { createHash } from 'node:crypto'
import type { CredentialSummary } from '../contract/access'
import type { Clock } from '../env'
import { isGood, type CredentialBook } from '../kv/credential-book'
import { allows } from '../kv/scope-rules'
import type { Access, Caller } from './access'
import type { Arrival } from './arrival'
import { BadAttempts } from './bad-attempts'
import type { RequestHeaders } from './message'

/** What access by credentials stands on. */
export interface CredentialAccessParts {
  /** Of the vault that is served. A revocation that concerns more than the book goes through here too. */
  readonly book: Pick<CredentialBook, 'find' | 'touch' | 'revoke'>
  readonly clock: Clock
  /** Waits so many milliseconds, 1 to 1,000. */
  readonly wait: (ms: number) => Promise<void>
}

/** What a request shows: SHA-256 of each. */
interface Shown {
  readonly kind: 'token' | 'certificate'
  readonly hash: Uint8Array
}

/**
 * Lets in whoever shows a token or a client certificate of the vault. Under `/v1` `X-Vault-Token` wins,
 * then `Authorization: Bearer`, then the certificate. Elsewhere all that is shown must be of one credential.
 * After ten bad credentials in a minute further bad answers to the same user wait up to a second.
 * Source: kv-semantics 1.6, okms-api L39.
 */
export function createCredentialAccess({ book, clock, wait }: CredentialAccessParts): Access {
  const attempts = new BadAttempts(clock)
  return {
    async identify(arrival) {
      const shown = shownBy(arrival)
      const found = shown.map(({ kind, hash }) => book.find(kind, hash))
      const credential = onlyGood(found, clock)
      if (credential !== undefined) {
        book.touch(credential.id)
        return callerOf(credential, book)
      }
      // Who shows nothing does not guess.
      if (shown.length === 0) return undefined
      const delayMs = attempts.note(arrival.context.peerUser)
      if (delayMs > 0) await wait(delayMs)
      return undefined
    },
  }
}

function shownBy({ request, target, context }: Arrival): Shown[] {
  const { headers } = request
  const tokens = [headers.get('x-vault-token') ?? '', bearerOf(headers) ?? '']
    .filter((token) => token !== '')
    .map((token) => ({ kind: 'token' as const, hash: sha256(token) }))
  const { peerCertificate } = context
  const all: Shown[] = [
    ...tokens,
    ...(peerCertificate === undefined
      ? []
      : [{ kind: 'certificate' as const, hash: sha256(peerCertificate) }]),
  ]
  return target.rawSegments[0] === 'v1' ? all.slice(0, 1) : all
}

/** The prefix is case sensitive, as in Vault. */
function bearerOf(headers: RequestHeaders): string | undefined {
  return /^Bearer (.+)$/.exec(headers.get('authorization') ?? '')?.[1]
}

/** The one credential that all are; undefined when any is bad, or they differ. */
function onlyGood(
  found: readonly (CredentialSummary | undefined)[],
  clock: Clock,
): CredentialSummary | undefined {
  const [first, ...others] = found
  if (first === undefined || !isGood(first, clock.now())) return undefined
  return others.every((other) => other?.id === first.id) ? first : undefined
}

function callerOf(
  { id, kind, name, scope, createdAt, expiresAt }: CredentialSummary,
  book: Pick<CredentialBook, 'revoke'>,
): Caller {
  return {
    ...{ id, kind, name, createdSeconds: Math.floor(createdAt / 1000) },
    ...(expiresAt === undefined ? {} : { expiresSeconds: Math.floor(expiresAt / 1000) }),
    mayDo: (errand) => allows(scope, errand),
    revoke: async () => book.revoke(id),
  }
}

function sha256(shown: string | Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(shown).digest())
}
