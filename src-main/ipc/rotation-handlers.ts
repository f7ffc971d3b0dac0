import type { VaultId } from '../contract/model'
import type { RotationOutcome } from '../contract/rotation-calls'
import type { HandlersOf } from './handlers-of'
import { LongWork } from './long-work'
import type { HandlerPorts } from './ports'
import { secretsIn, wiping } from './wiping'

type Rotation = ReturnType<HandlerPorts['stores']['vault']>['rotation']
type Options = Parameters<Rotation['resume']>[1]

/** Replacing the data keys of vaults. What was given as a key is overwritten after use. */
export function rotationHandlers({ stores, emit }: HandlerPorts) {
  const work = new LongWork((vault, { done, total }) =>
    emit({ name: 'check.progress', vault, done, total }),
  )
  const rotate = (
    vault: VaultId,
    secrets: Uint8Array[],
    how: (rotation: Rotation, options: Options) => Promise<RotationOutcome>,
  ) =>
    wiping(secrets, async () => {
      const { rotation } = stores.vault(vault)
      const outcome = await work.run(vault, (options) => how(rotation, options))
      emit({ name: 'stores.changed' })
      return outcome
    })
  return {
    'rotation.begun': ({ vault }) => stores.vault(vault).rotation.begun(),
    'rotation.start': ({ vault, proof, words, keyFiles }) =>
      rotate(vault, [...secretsIn(proof), ...keyFiles], (rotation, options) => {
        const keep = keyFiles.map((bytes) => ({ kind: 'keyfile', bytes }) as const)
        return rotation.start({ proof, words, keep }, options)
      }),
    'rotation.resume': ({ vault, proof }) =>
      rotate(vault, secretsIn(proof), (rotation, options) => rotation.resume(proof, options)),
    'rotation.cancel': ({ vault }) => work.cancel(vault),
    'rotation.discard': ({ vault }) => stores.vault(vault).rotation.discard(),
  } satisfies HandlersOf<'rotation'>
}
