import { z } from 'zod'
import { CoffretError } from '../contract/errors'
import { MountName } from '../contract/model'
import type { DomainMount } from '../contract/domain'
import { RemoteFailure } from '../contract/remote-failure'
import { system } from '../wire/system-operations'
import type { Fetch } from './fetch'
import { ask } from './send'

const Entry = z.object({
  type: z.string(),
  options: z.record(z.string(), z.string()).nullish(),
})
const Mounts = z.record(z.string(), Entry.or(z.unknown()))
const Visible = z.object({ data: z.object({ secret: Mounts.nullish() }) })
const All = z.object({ data: Mounts })

/**
 * The KV mounts of a Vault server that the credential may see: what the server shows to everybody with a
 * token, and where that is nothing, the list for those who manage it. Mounts whose name has a slash are
 * left out: a store has one name.
 * @throws RemoteFailure `unauthenticated`; none for want of the right to see all mounts
 */
export async function kvMounts(fetch: Fetch): Promise<readonly DomainMount[]> {
  const shown = await allowed(async () => {
    const { body } = await ask(fetch, system.visibleMounts, {}, Visible)
    return body.data.secret ?? {}
  })
  const found = kvAmong(shown)
  if (found.length > 0) return found
  const all = await allowed(async () => (await ask(fetch, system.mounts, {}, All)).body.data)
  if (shown === undefined || all === undefined) await checkToken(fetch)
  return kvAmong(all)
}

/** Servers say the same of no token and of no right; what a token may always ask is about itself. */
async function checkToken(fetch: Fetch): Promise<void> {
  try {
    await ask(fetch, system.lookUpSelf, {}, z.unknown())
  } catch (error) {
    if (!(error instanceof CoffretError && error.code === 'forbidden')) throw error
    const message = 'the server does not know the token'
    throw new RemoteFailure('forbidden', 'unauthenticated', message, { cause: error })
  }
}

/** Undefined for want of a right. */
async function allowed<T extends object>(reading: () => Promise<T>): Promise<T | undefined> {
  try {
    return await reading()
  } catch (error) {
    const isRight = error instanceof RemoteFailure && /^(may_not|no_route)/.test(error.reason)
    if (isRight) return undefined
    throw error
  }
}

function kvAmong(mounts: object = {}): readonly DomainMount[] {
  return Object.entries(mounts)
    .flatMap(([path, value]) => {
      const name = MountName.safeParse(path.replace(/\/$/, ''))
      const entry = Entry.safeParse(value)
      if (!name.success || !entry.success) return []
      const { type, options } = entry.data
      // `generic` is what version 1 was once called.
      if (type !== 'kv' && type !== 'generic') return []
      return [
        { name: name.data, version: options?.['version'] === '2' ? (2 as const) : (1 as const) },
      ]
    })
    .slice(0, 256)
}
