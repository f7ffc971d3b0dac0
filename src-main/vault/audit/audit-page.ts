import { outcomeOf, type AuditLine } from '../../contract/audit-line'
import type { AuditFilter, AuditPage, AuditPageRequest } from '../../kv/audit-log'
import type { AuditChain } from './audit-chain'

/** How many batches are looked up at once. */
const batchesAtOnce = 64

/** What one page may cost: a batch counts 1, and 1 for each KiB. Then it ends early, and says where. */
const maxCost = 600

/**
 * The newest lines that a filter lets through. A page takes about 30 ms at most, however rare they are.
 * @throws CoffretError `corrupt` when a batch is damaged
 */
export function readPage(chain: AuditChain, request: AuditPageRequest): AuditPage {
  const isWanted = matcherOf(request)
  const lines: AuditLine[] = []
  let before = request.before ?? chain.next()
  let cost = 0
  for (;;) {
    const batches = chain.batchesBefore(before, batchesAtOnce)
    if (batches.length === 0) return { lines }
    for (const batch of batches) {
      for (const line of [...chain.open(batch)].reverse()) {
        if (line.number >= before || !isWanted(line)) continue
        lines.push(line)
        if (lines.length >= request.limit) return { lines, next: line.number }
      }
      before = batch.first
      cost += 1 + batch.body.length / 1024
      if (cost > maxCost) return { lines, next: before }
    }
  }
}

function matcherOf({
  who,
  outcome,
  mount,
  path,
  since,
}: AuditFilter): (line: AuditLine) => boolean {
  const isBy = (line: AuditLine) =>
    who === undefined ||
    (typeof who === 'string'
      ? line.who.kind === who
      : line.who.kind === 'credential' && line.who.id === who.credential)
  return (line) =>
    (since === undefined || line.at >= since) &&
    (mount === undefined || line.mount === mount) &&
    (path === undefined || line.path.startsWith(path)) &&
    (outcome === undefined || outcomeOf(line.result) === outcome) &&
    isBy(line)
}
