import { readMounts } from './mounts'
import type { JobContext } from './jobs'

/**
 * Every job by its name, each a function in a file of its own. Input and output are what can be sent to
 * another thread.
 */
export const vaultJobs = {
  /** Proves that the file opens under the keys: header, state and mounts. */
  prove: ({ vault }: JobContext, _input: undefined): number =>
    vault.read(({ records }) => readMounts(records).length),
} as const
