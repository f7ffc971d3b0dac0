import { z } from 'zod'
import { CoffretError } from '../contract/errors'
import { EpochMs, MountName, StoreId, type StoreConfig } from '../contract/model'
import { fromHex } from '../crypto/bytes'
import type { MountRequest } from '../kv/mount-table'
import { noSettings } from '../kv/settings-rules'
import { decodeJson, encodeJson } from './cells'
import { idText } from './names'
import { onlyId, type Place, type Records } from './records'

/** The settings of a store. A life of -1 s switches the end of versions off for all its secrets. */
const Config = z.strictObject({
  maxVersions: z.number().int().min(0),
  casRequired: z.boolean(),
  deactivateVersionAfter: z.strictObject({ seconds: z.number().int().min(-1), text: z.string() }),
})

const hexId = z.string().regex(/^[0-9a-f]{32}$/)

/** Of which store a mount is a snapshot. */
const Snapshot = z.strictObject({
  of: StoreId,
  /** What that store was called. */
  label: z.string(),
  /** When what it holds was read; absent until it was filled once. */
  takenAt: EpochMs.optional(),
  /** How many secrets of the store it lacks. */
  missing: z.number().int().min(0).optional(),
})
export type MountSnapshot = z.infer<typeof Snapshot>

/** A mount of a vault: one store. */
const Mount = z.strictObject({
  name: MountName,
  /** 2: KV version 2, with versions. 1: KV version 1, one value a path. */
  version: z.union([z.literal(1), z.literal(2)]),
  /** The id under which its top-level names lie. */
  root: hexId,
  /** The id under which deleted secrets lie, and the time before which none of them ends; 0 for never. */
  bin: z.strictObject({ root: hexId, due: EpochMs }),
  config: Config,
  /** Free words. */
  description: z.string(),
  /** Seconds, 0 when not set. */
  defaultLeaseSeconds: z.number().int().min(0),
  maxLeaseSeconds: z.number().int().min(0),
  /** Of a snapshot, which is only read, and which programs do not see. */
  snapshot: Snapshot.optional(),
})
export type Mount = z.infer<typeof Mount>

/** Of a bin with nothing in it. */
export const neverDue = 0 as EpochMs

/** How many mounts a vault has at most: they are one record, read in every transaction. */
export const maxMounts = 1000

const MountList = z.array(Mount).max(maxMounts).readonly()

const place: Place = { kind: 'mounts', id: onlyId, version: 0 }

/** The mounts of a new vault: `secret`, which the OKMS addresses reach, and `kv`. */
export function writeFirstMounts(records: Records): void {
  const first = (name: string, version: 1 | 2) => ({ name: MountName.parse(name), version })
  writeMounts(records, [newMount(records, first('secret', 2)), newMount(records, first('kv', 1))])
}

/** A mount with nothing in it. What the request leaves out is empty or 0. */
export function newMount(records: Records, request: MountRequest): Mount {
  return {
    name: request.name,
    version: request.version,
    root: idText(records.newId()),
    bin: { root: idText(records.newId()), due: neverDue },
    config: noSettings,
    description: request.description ?? '',
    defaultLeaseSeconds: request.defaultLeaseSeconds ?? 0,
    maxLeaseSeconds: request.maxLeaseSeconds ?? 0,
  }
}

/** Writes every mount. @throws CoffretError `invalid` when they are more than a vault has */
export function writeMounts(records: Records, mounts: readonly Mount[]): void {
  checkMounts(mounts)
  records.put(place, encodeJson(MountList, mounts))
}

/** @throws CoffretError `invalid` when there are more than a vault has */
export function checkMounts(mounts: readonly Mount[]): void {
  if (mounts.length <= maxMounts) return
  throw new CoffretError('invalid', `a vault has at most ${maxMounts} mounts`)
}

/** Every mount. @throws CoffretError `corrupt` */
export function readMounts(records: Records): readonly Mount[] {
  return records.decoded(place, (text) => decodeJson(MountList, text))
}

/** One mount. @throws CoffretError `not_found`, `corrupt` */
export function readMount(records: Records, name: MountName): Mount {
  const mount = readMounts(records).find((one) => one.name === name)
  if (mount === undefined) throw new CoffretError('not_found', `there is no mount ${name}`)
  return mount
}

/** Replaces the settings of a mount. */
export function writeMountConfig(records: Records, name: MountName, config: StoreConfig): void {
  const mounts = readMounts(records).map((one) => (one.name === name ? { ...one, config } : one))
  writeMounts(records, mounts)
}

/** Replaces what is said of a mount's bin. */
export function writeMountBin(records: Records, name: MountName, bin: Mount['bin']): void {
  const mounts = readMounts(records).map((one) => (one.name === name ? { ...one, bin } : one))
  writeMounts(records, mounts)
}

/** The 16 bytes under which a mount's deleted secrets lie, each under its own id as its name. */
export function binRootOf(mount: Mount): Uint8Array {
  return fromHex(mount.bin.root)
}

/** The 16 bytes under which a mount's top-level names lie, not to be changed. */
export function rootOf(mount: Mount): Uint8Array {
  let root = roots.get(mount)
  if (root === undefined) {
    root = fromHex(mount.root)
    roots.set(mount, root)
  }
  return root
}
/** The list of mounts is kept, and every operation begins at a root. */
const roots = new WeakMap<Mount, Uint8Array>()
