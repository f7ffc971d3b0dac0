import { z } from 'zod'
import { WorkId } from './compare-calls'
import { StepResult } from './connection-test'
import { WithinDays } from './domain-calls'
import { EpochMs, StoreId, VaultId } from './model'
import { Progress } from './search'

/** What main tells the window. No event carries a value, a key name or a path of a locked vault. */
export const AppEvent = z.discriminatedUnion('name', [
  /** The list of vaults or stores changed, or one was locked or unlocked. */
  z.object({ name: z.literal('stores.changed') }),
  /** Secrets of this store changed; `by` is absent when the window itself did it. */
  z.object({ name: z.literal('secrets.changed'), store: StoreId }),
  /** How far the search index of a vault is, or a search of its values. */
  z.object({
    name: z.literal('search.progress'),
    vault: VaultId,
    of: z.enum(['index', 'values']),
    ...Progress.shape,
  }),
  /** How far checking, saving or merging of a vault is. */
  z.object({ name: z.literal('check.progress'), vault: VaultId, ...Progress.shape }),
  /** How far a copy, its plan or a comparison is. */
  z.object({ name: z.literal('copy.progress'), work: WorkId, ...Progress.shape }),
  /** A backup of a vault was made, failed, or is being made. */
  z.object({ name: z.literal('backups.changed'), vault: VaultId }),
  /** The audit log of a vault has new lines; told a few times a second at most. */
  z.object({ name: z.literal('audit.changed'), vault: VaultId }),
  /** The local API was switched on or off, or answers something else now: ask for its status. */
  z.object({ name: z.literal('localApi.changed') }),
  /** The list of who may call the local API of a vault changed. */
  z.object({ name: z.literal('access.changed'), vault: VaultId }),
  /** `domain.list` answers something else now. While a list arrives it is told a few times a second. */
  z.object({ name: z.literal('domains.changed') }),
  /** A step of `domain.test` has ended. */
  z.object({ name: z.literal('domain.step'), work: WorkId, result: StepResult }),
  /** A certificate ends soon, or has ended: told once for 30, 7, 1 and 0 days. */
  z.object({
    name: z.literal('certificate.expiring'),
    /** Of the domain that is entered with it, or its own name in the list of certificates. */
    label: z.string(),
    endsAt: EpochMs,
    withinDays: WithinDays,
  }),
  /** The list of certificates that a vault keeps changed. */
  z.object({ name: z.literal('keptCertificates.changed'), vault: VaultId }),
  /** A copied value will leave the clipboard at this time; absent when none is there. */
  z.object({ name: z.literal('clipboard.changed'), clearsAt: EpochMs.optional() }),
  /** Lock comes in a moment: send the unsaved edit now. */
  z.object({ name: z.literal('lock.pending') }),
])
export type AppEvent = z.infer<typeof AppEvent>
