import type { UnlockWith } from '../contract/key-slots'

/** Does the work, and overwrites what a person typed whatever came of it. */
export async function wiping<T>(
  secrets: readonly Uint8Array[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } finally {
    for (const secret of secrets) secret.fill(0)
  }
}

/** The bytes of a key that can be overwritten. Words came as text, which cannot. */
export function secretsIn(key: UnlockWith): Uint8Array[] {
  if (key.kind === 'passphrase') return [key.passphrase]
  if (key.kind === 'keyfile') return [key.bytes]
  return key.kind === 'pin' ? [key.pin] : []
}
