import { kv1 } from '../wire/kv1-operations'
import { kv2 } from '../wire/kv2-operations'
import { okmsV1 } from '../wire/okms-v1-operations'
import { okmsCentral, okmsV2 } from '../wire/okms-v2-operations'
import type { Operation } from '../wire/operation'
import { recovery, snapshots } from '../wire/snapshot-operations'
import { system } from '../wire/system-operations'

/** Every operation of every dialect, in the order of the description. */
export const allOperations: readonly Operation[] = [
  kv2,
  kv1,
  system,
  snapshots,
  recovery,
  okmsV1,
  okmsV2,
  okmsCentral,
].flatMap((group): readonly Operation[] => Object.values(group))
