import { hashRaw, type Algorithm } from '@node-rs/argon2'
import { CoffretError } from '../contract/errors'
import type { Clock } from '../env'
import { SecretKey, keyBytes } from './secret-key'

/** What Argon2id costs. */
export interface KdfSettings {
  /** Memory in KiB, 19,456 (19 MiB) to 1,048,576 (1 GiB). */
  readonly memoryKib: number
  /** Passes over the memory, 1 to 64. */
  readonly passes: number
  /** Lanes, 1 to 16. */
  readonly lanes: number
}

/** 64 MiB, 3 passes, 4 lanes. Source: RFC 9106 §4, second recommendation. */
export const defaultKdfSettings: KdfSettings = { memoryKib: 65_536, passes: 3, lanes: 4 }

/** The length of a salt in bytes. */
export const saltBytes = 32

/** Memory times passes at most, in KiB: 16 GiB. */
export const maxKdfWorkKib = 16 * 1024 * 1024

const bounds: Readonly<Record<keyof KdfSettings, readonly [least: number, most: number]>> = {
  memoryKib: [19 * 1024, 1024 * 1024],
  passes: [1, 64],
  lanes: [1, 16],
}

// The library's enum is `const` and cannot be imported here; Argon2id is 2.
const argon2id = 2 as Algorithm.Argon2id

/**
 * Refuses settings that are too weak to protect, or that would exhaust this machine. It allocates
 * nothing, so that a hostile file cannot ask for 40 GiB.
 * @throws CoffretError `kdf_bounds`
 */
export function checkKdfBounds(settings: KdfSettings): void {
  for (const name of ['memoryKib', 'passes', 'lanes'] as const) {
    const [least, most] = bounds[name]
    const value = settings[name]
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new CoffretError('kdf_bounds', `${name} is ${value}, accepted are ${least} to ${most}`)
    }
  }
  const work = settings.memoryKib * settings.passes
  if (work > maxKdfWorkKib) {
    const problem = `memory times passes is ${work} KiB, accepted are up to ${maxKdfWorkKib}`
    throw new CoffretError('kdf_bounds', problem)
  }
}

/**
 * Derives a key from a passphrase with Argon2id version 1.3, off the main thread. Source: RFC 9106.
 * @param passphrase bytes as they are: the caller has brought the text into NFC
 * @throws CoffretError `kdf_bounds` before any memory is taken
 */
export async function deriveFromPassphrase(
  passphrase: Uint8Array,
  salt: Uint8Array,
  settings: KdfSettings,
): Promise<SecretKey> {
  checkKdfBounds(settings)
  const raw = await hashRaw(passphrase, {
    algorithm: argon2id,
    memoryCost: settings.memoryKib,
    timeCost: settings.passes,
    parallelism: settings.lanes,
    outputLen: keyBytes,
    salt,
  })
  return new SecretKey(raw)
}

/**
 * Settings that cost about a given time on this machine: memory and lanes as they are, as many passes
 * as fit, never fewer than given.
 * @param targetMs the time one unlocking may take; 1,000 unless told
 */
export async function calibrateKdf(
  clock: Clock,
  from: KdfSettings = defaultKdfSettings,
  targetMs = 1000,
): Promise<KdfSettings> {
  const began = clock.now()
  const key = await deriveFromPassphrase(new Uint8Array(1), new Uint8Array(saltBytes), from)
  key.wipe()
  // A clock that jumped backwards must not make a divisor of zero or less.
  const elapsedMs = Math.max(1, clock.now() - began)
  const fitting = Math.floor((from.passes * targetMs) / elapsedMs)
  const most = Math.min(bounds.passes[1], Math.floor(maxKdfWorkKib / from.memoryKib))
  return { ...from, passes: Math.max(from.passes, Math.min(most, fitting)) }
}
