import { CoffretError } from '../contract/errors'
import type { JsonObject } from '../contract/json'
import { MountName } from '../contract/model'
import type { Mount, MountChange, MountRequest, MountVersion } from '../kv/mount-table'
import { readDuration, readInteger } from './fields'
import { defaultLeaseSeconds } from './kv1'

/** First segments that belong to the system and can hold no mount. */
const reserved = ['sys', 'auth', 'identity', 'cubbyhole']

/** A mount as `sys/mounts` tells it. */
export function mountWire(mount: Mount) {
  return {
    accessor: `kv_${mount.uuid.slice(0, 8)}`,
    config: {
      default_lease_ttl: mount.defaultLeaseSeconds,
      force_no_cache: false,
      max_lease_ttl: mount.maxLeaseSeconds,
    },
    deprecation_status: 'supported',
    description: mount.description,
    external_entropy_access: false,
    local: false,
    // A text: the CLI asserts it, and ends on a number.
    options: { version: String(mount.version) },
    plugin_version: '',
    running_plugin_version: '',
    running_sha256: '',
    seal_wrap: false,
    type: 'kv',
    uuid: mount.uuid,
  }
}

/** What `sys/mounts/:path/tune` answers: what is not set is as the server has it, in seconds. */
export function tuningWire(mount: Mount) {
  const { config, description, options } = mountWire(mount)
  return {
    ...config,
    default_lease_ttl: config.default_lease_ttl || defaultLeaseSeconds,
    max_lease_ttl: config.max_lease_ttl || defaultLeaseSeconds,
    description,
    options,
  }
}

/** @throws CoffretError `invalid` */
export function mountNameOf(path: string): MountName {
  const parsed = MountName.safeParse(path.replace(/\/$/, ''))
  if (!parsed.success || reserved.includes(parsed.data)) {
    const rule = 'a mount is one segment of 1 to 64 letters, digits, "_", "." and "-"'
    throw new CoffretError('invalid', rule, { field: 'path' })
  }
  return parsed.data
}

/** The fields of `POST sys/mounts/:path`, converted. */
export interface MountFields {
  readonly type?: string | undefined
  readonly description?: string | undefined
  readonly config?: JsonObject | null | undefined
  readonly options?: JsonObject | null | undefined
}

/** Clients send the version as number or text, and null for what they leave out. @throws CoffretError `invalid` */
export function mountRequestOf(path: string, fields: MountFields): MountRequest {
  const { type = '', description = '', config, options } = fields
  if (type !== 'kv' && type !== 'kv-v1' && type !== 'kv-v2') {
    throw new CoffretError('invalid', 'plugin not found in the catalog: only kv', { field: 'type' })
  }
  const version = versionOf(options)
  if (type !== 'kv' && version !== undefined && type !== `kv-v${version}`) {
    throw new CoffretError('invalid', 'type and options.version disagree', { field: 'options' })
  }
  return {
    name: mountNameOf(path),
    version: version ?? (type === 'kv-v2' ? 2 : 1),
    description,
    defaultLeaseSeconds: secondsOf(config, 'default_lease_ttl') ?? 0,
    maxLeaseSeconds: secondsOf(config, 'max_lease_ttl') ?? 0,
  }
}

/** The fields of `POST sys/mounts/:path/tune`, converted. */
export interface TuneFields {
  readonly description?: string | undefined
  readonly options?: JsonObject | null | undefined
  readonly default_lease_ttl?: number | undefined
  readonly max_lease_ttl?: number | undefined
}

/** A change of a mount's set-up. @throws CoffretError `invalid` */
export function mountChangeOf(mount: Mount, fields: TuneFields): MountChange {
  const { description, default_lease_ttl: usual, max_lease_ttl: most } = fields
  const version = versionOf(fields.options)
  if (version !== undefined && version < mount.version) {
    throw new CoffretError('invalid', 'cannot downgrade mount from version 2', { field: 'options' })
  }
  return {
    ...(description === undefined ? {} : { description }),
    ...(version === 2 ? { version } : {}),
    ...(usual === undefined ? {} : { defaultLeaseSeconds: usual }),
    ...(most === undefined ? {} : { maxLeaseSeconds: most }),
  }
}

function versionOf(options: JsonObject | null | undefined): MountVersion | undefined {
  const value = options?.get('version')
  if (value === undefined || value === null || value === '') return undefined
  const version = readInteger(value)
  if (version === 1 || version === 2) return version
  throw new CoffretError('invalid', 'options.version is 1 or 2', { field: 'options' })
}

function secondsOf(config: JsonObject | null | undefined, name: string): number | undefined {
  return readDuration(config?.get(name) ?? null)
}
