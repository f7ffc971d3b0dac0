import { acceptedOfKv } from './accepted-kv'
import { acceptedOfPaths } from './accepted-paths'
import { acceptedOfSystem } from './accepted-system'
import type { AcceptedDifference } from './acceptance'

/** Every difference to OpenBao that is meant to be; `../README.md` lists them for people. */
export const accepted: readonly AcceptedDifference[] = [
  ...acceptedOfKv,
  ...acceptedOfPaths,
  ...acceptedOfSystem,
]
