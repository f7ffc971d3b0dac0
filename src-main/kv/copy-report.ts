import {
  maxCopyRows,
  type CopyAction,
  type CopyPlanReport,
  type CopyRow,
} from '../contract/copy-calls'
import type { CopyItem, CopyRules } from './copy-plan'

/** No secret at all. */
const noActions: Readonly<Record<CopyAction, number>> = {
  create: 0,
  newVersion: 0,
  rename: 0,
  identical: 0,
  settings: 0,
  conflict: 0,
  notAllowed: 0,
  inactive: 0,
  tooLarge: 0,
  notExpressible: 0,
  unreadable: 0,
}

/** What needs a person's attention comes first in a report. */
const attention: readonly CopyAction[] = [
  ...(['unreadable', 'notAllowed', 'tooLarge', 'notExpressible', 'conflict'] as const),
  ...(['inactive', 'rename', 'newVersion', 'settings', 'create', 'identical'] as const),
]

/** What a plan comes to: counts, sizes and the first rows. */
export function reportOfPlan(
  items: readonly CopyItem[],
  { policy, canSource }: Pick<CopyRules, 'policy' | 'canSource'>,
): CopyPlanReport {
  const counts: Record<CopyAction, number> = { ...noActions }
  const buckets = new Map<CopyAction, CopyItem[]>()
  let [versions, bytes, incomplete] = [0, 0, 0]
  for (const item of items) {
    counts[item.action] += 1
    versions += item.carried.length
    bytes += item.bytes ?? 0
    if (item.leftBehind > 0) incomplete += 1
    const bucket = buckets.get(item.action) ?? []
    if (bucket.length < maxCopyRows) bucket.push(item)
    buckets.set(item.action, bucket)
  }
  const rows = attention.flatMap((action) => buckets.get(action) ?? []).slice(0, maxCopyRows)
  return {
    ...{ counts, versions, bytes, incomplete },
    deletesForGood: policy.move && !canSource('bin'),
    rows: rows.map(rowOf),
  }
}

function rowOf({ from, to, action, reason, carried, bytes, leftBehind }: CopyItem): CopyRow {
  return {
    ...{ from, to, action, versions: carried.length, leftBehind },
    ...(reason === undefined ? {} : { reason }),
    ...(bytes === undefined ? {} : { bytes }),
  }
}
