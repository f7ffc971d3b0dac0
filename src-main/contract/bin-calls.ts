import { z } from 'zod'
import { call, nothing } from './call'
import { EpochMs, SecretPath, StoreId } from './model'

/** Names a secret in a bin. It does not change, and says nothing. */
export const BinId = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .brand('BinId')
export type BinId = z.infer<typeof BinId>

/** A deleted secret that can still be restored. */
export const BinnedSecret = z.object({
  id: BinId,
  /** Where it was. Another secret may be there by now, and several in the bin may have been there. */
  path: SecretPath,
  deletedAt: EpochMs,
  /** When it is erased for good. */
  endsAt: EpochMs,
  /** 0 when it has no data. */
  currentVersion: z.number().int().min(0),
})
export type BinnedSecret = z.infer<typeof BinnedSecret>

/** What to restore: to its old path, or to another one. */
export const BinRestore = z.strictObject({ id: BinId, to: SecretPath.optional() })
export type BinRestore = z.infer<typeof BinRestore>

/** As many as one call names. */
const most = 200_000

/** Erases from the store's backups too. @throws CoffretError `unsupported` without the capability `purgeBackups` */
export const FromBackups = z.boolean().optional()

const InStore = z.strictObject({ store: StoreId })

/** What the window may ask about the bin of a store that has one. */
export const binCalls = {
  /** What is in it, the latest first. */
  'bin.list': call(InStore, z.array(BinnedSecret)),
  /** Moves a secret, or every secret in a folder, into the bin. */
  'bin.discard': call(
    InStore.extend({ path: SecretPath, kind: z.enum(['secret', 'folder']) }),
    z.array(BinId),
  ),
  /** All of them or none: `exists` when a path is taken. @returns where they are now */
  'bin.restore': call(
    InStore.extend({ items: z.array(BinRestore).min(1).max(most) }),
    z.array(SecretPath),
  ),
  /** Erases for good. */
  'bin.purge': call(
    InStore.extend({
      items: z.union([z.literal('all'), z.array(BinId).min(1).max(most)]),
      fromBackups: FromBackups,
    }),
    nothing,
  ),
} as const
