import { z } from 'zod'
import { CoffretError } from '../contract/errors'
import { parseJson } from '../contract/json'
import { RemoteFailure } from '../contract/remote-failure'
import { plain } from '../wire/json-shape'
import { failureOf } from './failure'
import type { Fetch, RemoteReply } from './fetch'

/** What a login answers. */
const LoggedIn = z.object({ auth: z.object({ client_token: z.string().regex(/^[\x21-\x7e]+$/) }) })

/** With a status of 500: the certificate is of a known authority, and holds what the server cannot verify. */
const notVerified = /failed to verify client'?s? certificate/i

/**
 * A way to a Vault server that logs in with the client certificate before the first request, and once
 * more when its token has ended. The token is kept in memory. A server that has no such login takes the
 * certificate itself, as Coffret's own does. Source: Vault, "TLS certificates (API)".
 * @param mount where certificates log in
 */
export function loggedInByCertificate(fetch: Fetch, mount: string): Fetch {
  let login: Promise<string | undefined> | undefined
  return async (request, options) => {
    const send = async (token: string | undefined): Promise<RemoteReply> => {
      const headers = token === undefined ? {} : { 'x-vault-token': token }
      return fetch({ ...request, headers: { ...request.headers, ...headers } }, options)
    }
    const used = (login ??= logIn(fetch, mount))
    let token: string | undefined
    try {
      token = await used
    } catch (error) {
      if (login === used) login = undefined
      throw error
    }
    const reply = await send(token)
    // Vault says the same of a token that has ended and of a right that is missing: it is tried once.
    if (reply.status !== 403 || token === undefined) return reply
    if (!(await hasEnded(fetch, token))) return reply
    if (login === used) login = logIn(fetch, mount)
    return send(await login)
  }
}

/** Refused requests change nothing: a 403 may be followed by the same request with another token. */
async function hasEnded(fetch: Fetch, token: string): Promise<boolean> {
  const headers = { 'x-vault-token': token }
  const reply = await fetch({ method: 'GET', target: '/v1/auth/token/lookup-self', headers })
  return reply.status === 403
}

/** @returns undefined where no login is needed */
async function logIn(fetch: Fetch, mount: string): Promise<string | undefined> {
  const target = `/v1/auth/${encodeURIComponent(mount)}/login`
  const headers = { 'content-type': 'application/json' }
  const reply = await fetch({ method: 'POST', target, headers, body: '{}' })
  if (reply.status === 404 || reply.status === 405) return undefined
  const failure = failureOf('system', reply)
  if (reply.status >= 400) {
    // There is no such mount; Vault tells strangers no more than that they have no right.
    if (failure.code === 'forbidden' && (await takesCertificates(fetch))) return undefined
    // "invalid certificate", "failed to match all constraints": the login has no other input.
    if (reply.status === 400 || notVerified.test(failure.message)) {
      throw new RemoteFailure('forbidden', 'certificate_refused', failure.message)
    }
    throw failure
  }
  const read = LoggedIn.safeParse(parsed(reply.body))
  if (!read.success) throw new CoffretError('invalid', 'the login gave no token')
  return read.data.auth.client_token
}

async function takesCertificates(fetch: Fetch): Promise<boolean> {
  const reply = await fetch({ method: 'GET', target: '/v1/auth/token/lookup-self', headers: {} })
  return reply.status === 200
}

function parsed(body: string): unknown {
  try {
    return plain(parseJson(body, { duplicateKeys: 'last' }))
  } catch {
    return undefined
  }
}
