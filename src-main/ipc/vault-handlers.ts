import { join } from 'node:path'
import type { HandlersOf } from './handlers-of'
import type { HandlerPorts } from './ports'
import { secretsIn, wiping } from './wiping'

const question = { extension: 'coffret', kind: 'Coffret' }

/** Vault files: known, made, unlocked, locked. Passphrases are overwritten after use. */
export function vaultHandlers({ stores, dialog, app }: HandlerPorts) {
  return {
    'vault.list': () => stores.vaults(),
    'vault.choose': ({ purpose, suggestedName }) => {
      if (purpose === 'open') return dialog.chooseFile(question)
      const suggestedPath = join(app.info().defaultVaultFolder, suggestedName ?? 'Vault.coffret')
      return dialog.chooseNewFile({ ...question, suggestedPath })
    },
    'vault.create': ({ file, passphrase }) =>
      wiping([passphrase], () => stores.create(file, passphrase)),
    'vault.add': ({ file }) => stores.add(file),
    'vault.forget': ({ vault }) => stores.forget(vault),
    'vault.unlock': ({ vault, with: key }) =>
      wiping(secretsIn(key), () => stores.unlock(vault, key)),
    'vault.acceptAsIs': ({ vault }) => stores.vault(vault).acceptAsIs(),
    'vault.lock': () => app.lock(),
  } satisfies HandlersOf<'vault'>
}
