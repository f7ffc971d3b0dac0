import type { Script } from '../script'
import { kv1 } from './kv1'
import { kv2Cas } from './kv2-cas'
import { kv2Data, kv2Numbers } from './kv2-data'
import { kv2Config, kv2Lists, kv2Subkeys } from './kv2-lists'
import { kv2Custom, kv2Durations, kv2Metadata, kv2Patches } from './kv2-metadata'
import { kv2Endings, kv2Pruning, kv2States } from './kv2-versions'
import { paths } from './paths'
import { callers, system } from './system'

/** All scripts. Each begins with new mounts, so that their order does not matter. */
export const scripts: readonly Script[] = [
  kv2Data,
  kv2Numbers,
  kv2States,
  kv2Pruning,
  kv2Endings,
  kv2Cas,
  kv2Metadata,
  kv2Durations,
  kv2Custom,
  kv2Patches,
  kv2Lists,
  kv2Subkeys,
  kv2Config,
  paths,
  kv1,
  callers,
  system,
]
