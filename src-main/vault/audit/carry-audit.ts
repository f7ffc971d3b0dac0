import { unlessCorrupt } from '../merge/scanned-secrets'
import type { UnlockedVault } from '../unlocked-vault'
import { restartLine, type AuditChain } from './audit-chain'

/**
 * Carries the audit log of a vault over into another file of it, in slices between which others may write.
 * A log that is damaged is not carried over: the other file's begins anew, and says so.
 */
export function carryAudit(
  source: UnlockedVault,
  target: UnlockedVault,
  step: () => void = () => undefined,
): void {
  const next = () => target.read(({ audit }) => audit.next())
  if (next() === 1 && !isProven(source)) {
    const now = target.clock.now()
    target.write(({ audit }) => audit.append([restartLine(now)], undefined, now))
    return
  }
  for (;;) {
    step()
    const from = next()
    const lines = source.read(({ audit }) => unlessCorrupt(() => audit.linesFrom(from))) ?? []
    if (lines.length === 0) return
    target.write(({ audit }) => audit.carry(lines, target.clock.now()))
  }
}

/** The same for the few lines that came in since, while nobody can write to the other file. */
export function carryRest(from: AuditChain, target: UnlockedVault): void {
  const next = target.read(({ audit }) => audit.next())
  const lines = unlessCorrupt(() => from.linesFrom(next)) ?? []
  target.write(({ audit }) => audit.carry(lines, target.clock.now()))
}

function isProven(vault: UnlockedVault): boolean {
  return vault.read(({ audit }, state) => audit.check(state.audit)).brokenAt === undefined
}
