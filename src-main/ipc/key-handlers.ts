import { extname, isAbsolute } from 'node:path'
import { CoffretError } from '../contract/errors'
import type { NewKeySlot } from '../contract/key-calls'
import type { HandlersOf } from './handlers-of'
import type { HandlerPorts } from './ports'
import { secretsIn, wiping } from './wiping'

/** The extension of a key file, without the dot. */
const keyFileExtension = 'coffretkey'

/** The keys of a vault: its slots and the PIN of this session. What was typed is overwritten after use. */
export function keyHandlers({ stores, dialog, files, emit }: HandlerPorts) {
  const changed = () => emit({ name: 'stores.changed' })
  return {
    'keys.list': async ({ vault }) => {
      const { keys } = stores.vault(vault)
      const slots = keys.list()
      const keychainProblem = await keys.keychainProblem()
      const { pinTriesLeft } = keys
      return keychainProblem === undefined
        ? { slots, pinTriesLeft }
        : { slots, pinTriesLeft, keychainProblem }
    },
    'keys.newRecoveryWords': ({ vault }) => stores.vault(vault).keys.newRecoveryWords(),
    'keys.chooseFile': async ({ suggestedName }) => {
      const file = await dialog.chooseNewFile({
        // No folder: a key beside the vaults would be copied along with what it opens.
        suggestedPath: `${suggestedName}.${keyFileExtension}`,
        extension: keyFileExtension,
        kind: 'Coffret key',
      })
      if (file === undefined || extname(file) === `.${keyFileExtension}`) return file
      return `${file}.${keyFileExtension}`
    },
    'keys.add': ({ vault, proof, slot }) =>
      wiping([...secretsIn(proof), ...typedIn(slot)], async () => {
        const { keys } = stores.vault(vault)
        if (slot.kind !== 'keyfile') return keys.add(proof, slot)
        const { kind, label, file } = slot
        if (!isAbsolute(file)) {
          throw new CoffretError('invalid', 'path is not absolute', { field: 'file' })
        }
        const write = (content: Uint8Array) => files.write(file, content, { mayReplace: false })
        return keys.add(proof, { kind, label, write })
      }),
    'keys.change': ({ vault, proof, slot, next }) =>
      wiping([...secretsIn(proof), ...secretsIn(next)], () =>
        stores.vault(vault).keys.change(proof, next, slot),
      ),
    'keys.remove': ({ vault, proof, slot }) =>
      wiping(secretsIn(proof), () => stores.vault(vault).keys.remove(proof, slot)),
    'keys.setPin': async ({ vault, pin }) => {
      await wiping([pin], () => stores.vault(vault).keys.setPin(pin))
      changed()
    },
    'keys.clearPin': ({ vault }) => {
      stores.vault(vault).keys.clearPin()
      changed()
    },
  } satisfies HandlersOf<'keys'>
}

function typedIn(slot: NewKeySlot): Uint8Array[] {
  return slot.kind === 'passphrase' ? [slot.passphrase] : []
}
