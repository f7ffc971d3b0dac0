import { dirname, join } from 'node:path'
import { VaultChecks } from '../stores/vault-checks'
import type { HandlersOf } from './handlers-of'
import type { HandlerPorts } from './ports'
import { wiping } from './wiping'

/** Checking a vault, saving what is left of it, and merging another copy into it. */
export function checkHandlers({ stores, dialog, emit }: HandlerPorts) {
  const checks = new VaultChecks(stores, (vault, { done, total }) =>
    emit({ name: 'check.progress', vault, done, total }),
  )
  return {
    'check.verify': ({ vault }) => checks.verify(vault),
    'check.repair': async ({ vault, name }) => {
      const suggestedPath = join(dirname(stores.vault(vault).file), name)
      const question = { suggestedPath, extension: 'coffret', kind: 'Coffret' }
      const file = await dialog.chooseNewFile(question)
      return file === undefined ? undefined : checks.repair(vault, file)
    },
    'check.planMerge': ({ vault, ...copy }) =>
      wiping(copy.passphrase === undefined ? [] : [copy.passphrase], () =>
        checks.merge(vault, copy, false),
      ),
    'check.merge': async ({ vault, ...copy }) => {
      const report = await wiping(copy.passphrase === undefined ? [] : [copy.passphrase], () =>
        checks.merge(vault, copy, true),
      )
      emit({ name: 'stores.changed' })
      for (const { id } of stores.vault(vault).stores()) {
        emit({ name: 'secrets.changed', store: id })
      }
      return report
    },
    'check.reopen': ({ vault }) => stores.reopen(vault),
    'check.cancel': ({ vault }) => checks.cancel(vault),
  } satisfies HandlersOf<'check'>
}
