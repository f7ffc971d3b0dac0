import { extname } from 'node:path'
import { StoreId, type MountName, type VaultId } from '../contract/model'
import type { StoreRegistry } from '../stores/store-registry'
import type { HandlersOf } from './handlers-of'
import { LongWork } from './long-work'
import type { HandlerPorts } from './ports'
import { wiping } from './wiping'

/** The backups of vaults: made, looked at, restored from, and written out as one file. */
export function backupHandlers(ports: HandlerPorts) {
  const { stores, settings, dialog, app, backupFolder, emit } = ports
  const work = new LongWork((vault, { done, total }) =>
    emit({ name: 'check.progress', vault, done, total }),
  )
  const backupsOf = (vault: VaultId) => stores.vault(vault).backups
  const changed = () => emit({ name: 'stores.changed' })

  return {
    'backups.settings': () => ({ ...settings.read().backups, defaultFolder: backupFolder }),
    'backups.configure': ({ folder, ...rest }) => {
      const isDefault = folder === undefined || folder === backupFolder
      settings.change({ backups: isDefault ? rest : { ...rest, folder } })
    },
    'backups.chooseFolder': () =>
      dialog.chooseFolder(settings.read().backups.folder ?? backupFolder),
    'backups.showFolder': ({ vault }) => app.showFolder(backupsOf(vault).folder),
    'backups.status': ({ vault }) => backupsOf(vault).status(),
    'backups.list': ({ vault }) => backupsOf(vault).list(),
    'backups.make': ({ vault }) => backupsOf(vault).make(),
    'backups.remove': async ({ vault, backup }) => {
      await backupsOf(vault).remove(backup)
      changed()
    },
    'backups.open': ({ vault, backup, passphrase }) =>
      wiping(passphrase === undefined ? [] : [passphrase], async () => {
        const backups = backupsOf(vault)
        const { id } = await backups.opened.open(backups.find(backup), passphrase)
        changed()
        return stores.summary(id)
      }),
    'backups.close': ({ opened }) => {
      stores.openedBackup(opened).vault.backups.opened.close(opened)
      changed()
    },
    'backups.export': ({ vault, file, passphrase }) =>
      wiping([passphrase], () =>
        work.run(vault, (options) =>
          backupsOf(vault).export({ file: withExtension(file), passphrase }, options),
        ),
      ),
    'backups.cancel': ({ vault }) => work.cancel(vault),
    ...restoreHandlers(ports, work),
  } satisfies HandlersOf<'backups'>
}

function restoreHandlers({ stores, emit }: HandlerPorts, work: LongWork) {
  const restoreAll = (id: VaultId, apply: boolean) =>
    work.run(id, (options) => stores.openedBackup(id).vault.backups.restoreAll(id, apply, options))
  return {
    'backups.restoreSecret': ({ store, path, how, to }) => {
      const [opened, mount] = partsOf(store)
      const { vault } = stores.openedBackup(opened)
      vault.backups.restoreOne(opened, { mount, path, how, to })
      const restored = StoreId.parse(`${vault.id}/${mount}`)
      emit({ name: 'secrets.changed', store: restored })
      return { store: restored, path: to ?? path }
    },
    'backups.planRestore': ({ opened }) => restoreAll(opened, false),
    'backups.restoreAll': async ({ opened }) => {
      const { vault } = stores.openedBackup(opened)
      try {
        return await restoreAll(opened, true)
      } finally {
        // Also of what was restored before it was stopped.
        emit({ name: 'stores.changed' })
        tellOfAll(stores, vault.id, (store) => emit({ name: 'secrets.changed', store }))
      }
    },
  } satisfies Partial<HandlersOf<'backups'>>
}

function tellOfAll(stores: StoreRegistry, id: VaultId, tell: (store: StoreId) => void): void {
  for (const { id: store } of stores.list()) if (partsOf(store)[0] === id) tell(store)
}

function partsOf(store: StoreId): [vault: VaultId, mount: MountName] {
  const slash = store.indexOf('/')
  return [store.slice(0, slash) as VaultId, store.slice(slash + 1) as MountName]
}

function withExtension(file: string): string {
  return extname(file) === '.coffret' ? file : `${file}.coffret`
}
