import { join } from 'node:path'
import type { HandlersOf } from './handlers-of'
import type { HandlerPorts } from './ports'

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
      wiping(key.kind === 'passphrase' ? [key.passphrase] : [], () => stores.unlock(vault, key)),
    'vault.lock': () => app.lock(),
    'vault.changePassphrase': ({ vault, current, next }) =>
      wiping([current, next], () => stores.changePassphrase(vault, current, next)),
  } satisfies HandlersOf<'vault'>
}

async function wiping<T>(passphrases: readonly Uint8Array[], work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    for (const passphrase of passphrases) passphrase.fill(0)
  }
}
