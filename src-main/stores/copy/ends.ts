import type { CopyOrder } from '../../contract/copy-calls'
import { CoffretError } from '../../contract/errors'
import type { Capability } from '../../contract/model'
import type { Clock } from '../../env'
import type { CopyRules } from '../../kv/copy-plan'
import type { SecretStore } from '../../kv/secret-store'
import { unlessFailing } from './bounded'

/** The two stores of a copy, and its rules. */
export interface CopyEnds {
  readonly source: SecretStore
  readonly target: SecretStore
  readonly order: CopyOrder
  readonly rules: CopyRules
  /** Both keep text to the letter. */
  readonly isExact: boolean
}

/**
 * Looks at what both stores can do.
 * @param mirrors the target is to be as the source is
 * @throws CoffretError `unsupported` when the target cannot be written, or the source of a move; `invalid`
 * for a folder into itself
 */
export async function openEnds(
  order: CopyOrder,
  stores: { readonly source: SecretStore; readonly target: SecretStore },
  clock: Clock,
  mirrors = false,
): Promise<CopyEnds> {
  const { source, target } = stores
  const canSource = canOf(source)
  const canTarget = canOf(target)
  const { policy } = order
  if (!canTarget('write')) throw new CoffretError('unsupported', 'the target is only read')
  if (policy.move && !canSource('write')) {
    throw new CoffretError('unsupported', 'the source is only read')
  }
  checkPlaces(order)
  const targetConfig = canTarget('settings')
    ? await unlessFailing(['forbidden', 'unsupported'], undefined, target.readConfig())
    : undefined
  const rules = { policy, canSource, canTarget, targetConfig, mirrors, now: clock.now() }
  const isExact = canSource('exactText') && canTarget('exactText')
  return { source, target, order, rules, isExact }
}

function checkPlaces({ kind, from, to }: CopyOrder): void {
  if (kind === 'secret' && (from.path === '' || to.path === '')) {
    throw new CoffretError('invalid', 'a secret has a path', { field: 'to' })
  }
  if (from.store !== to.store) return
  const isInside =
    kind === 'secret'
      ? from.path === to.path
      : from.path === '' || `${to.path}/`.startsWith(`${from.path}/`)
  if (isInside) {
    throw new CoffretError('invalid', 'nothing goes into itself', { field: 'to' })
  }
}

function canOf(store: SecretStore): (capability: Capability) => boolean {
  const all = new Set(store.capabilities())
  return (capability) => all.has(capability)
}
