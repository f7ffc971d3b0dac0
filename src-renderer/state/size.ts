import { dataBytes, maxWindowDataBytes } from '../../src-main/contract/model'

/** How full a secret is: `near` from 90 % of the limit, `over` when it cannot be saved. */
export type Fill = 'fine' | 'near' | 'over'

/** The size of compact JSON text against the limit. */
export interface Size {
  readonly bytes: number
  readonly limit: number
  readonly fill: Fill
}

/** Measures compact JSON text as the store counts it. */
export function sizeOf(compactText: string): Size {
  const bytes = dataBytes(compactText)
  const limit = maxWindowDataBytes
  const fill = bytes > limit ? 'over' : bytes >= limit * 0.9 ? 'near' : 'fine'
  return { bytes, limit, fill }
}
