import type { MountName, VaultId } from '../contract/model'
import type { AuditLog, AuditTicket } from './audit-log'
import type { SecretStore } from './secret-store'
import type { SnapshotShelf } from './snapshot-shelf'

/** What KV version a mount speaks under `/v1`. */
export type MountVersion = 1 | 2

/** One mount of a vault, as `sys/mounts` describes it. */
export interface Mount {
  readonly name: MountName
  readonly version: MountVersion
  /** Free words; empty when there are none. */
  readonly description: string
  /** A UUID made with the mount; a mount removed and made again has another. */
  readonly uuid: string
  /** Seconds, 0 when not set: what KV version 1 answers as `lease_duration` without a `ttl`. */
  readonly defaultLeaseSeconds: number
  /** Seconds, 0 when not set. It is shown and has no effect: KV leases nothing. */
  readonly maxLeaseSeconds: number
}

/** A mount to make. What is absent is empty or 0. */
export interface MountRequest {
  readonly name: MountName
  readonly version: MountVersion
  readonly description?: string
  readonly defaultLeaseSeconds?: number
  readonly maxLeaseSeconds?: number
}

/** What may be changed of a mount; what is absent stays. `version` rises from 1 to 2 and never falls. */
export interface MountChange {
  readonly version?: 2
  readonly description?: string
  readonly defaultLeaseSeconds?: number
  readonly maxLeaseSeconds?: number
}

/**
 * The mounts of an unlocked vault. Every method rejects with `locked` while it is not. A write takes the line
 * of its ticket into its transaction.
 */
export interface MountTable {
  /** All mounts, in byte order of their names. */
  list(): Promise<readonly Mount[]>

  /** @throws CoffretError `exists`, `invalid` when there are as many as there may be */
  enable(request: MountRequest, ticket?: AuditTicket): Promise<Mount>

  /** Removes a mount and everything in it. @throws CoffretError `not_found` */
  disable(name: MountName, ticket?: AuditTicket): Promise<void>

  /** @throws CoffretError `not_found` */
  tune(name: MountName, change: MountChange, ticket?: AuditTicket): Promise<Mount>
}

/** A vault as the API for programs sees it. */
export interface ServedVault {
  /** It is the `okmsId` of the OKMS addresses. */
  readonly id: VaultId
  isLocked(): boolean
  readonly mounts: MountTable
  readonly snapshots: SnapshotShelf
  /**
   * The store of a mount that was just listed: nothing is read, and a store of no mount fails later.
   * @param ticket its line goes with the first write
   */
  storeOf(mount: Mount, ticket?: AuditTicket): SecretStore
  /** Where every call leaves a line; absent when the log is switched off. */
  readonly audit?: AuditLog
}
