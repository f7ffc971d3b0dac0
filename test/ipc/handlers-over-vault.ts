import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import type { AppInfo } from '../../src-main/contract/calls'
import type { AppEvent } from '../../src-main/contract/events'
import type { EpochMs } from '../../src-main/contract/model'
import { systemRandom, type Clock } from '../../src-main/env'
import { createHandlers } from '../../src-main/ipc/handlers'
import type { HandlerPorts } from '../../src-main/ipc/ports'
import { certificateOffice } from '../../src-main/pki/office'
import { accessOfVaults } from '../../src-main/stores/local-access'
import { StoreRegistry } from '../../src-main/stores/store-registry'
import { settingsInMemory } from '../stores/settings-in-memory'
import { StandingClock, cheapKdf, passphrase, temporaryFolder } from '../vault/new-vault'

const info: AppInfo = {
  version: '0',
  electron: '0',
  chrome: '0',
  fallbackRuntime: false,
  platform: 'linux',
  systemLanguage: 'en',
  defaultVaultFolder: '/nowhere/vaults',
}

/** The handlers over a real vault, and everything around them recorded. */
export async function handlersOverVault({
  withBackups = false,
  clock = new StandingClock(),
}: { withBackups?: boolean; clock?: Clock } = {}) {
  const folder = temporaryFolder()
  const events: AppEvent[] = []
  const settings = settingsInMemory()
  const stores = new StoreRegistry({
    settings,
    clock,
    random: systemRandom,
    chooseKdf: async () => cheapKdf,
    defaultFolder: join(folder, 'vaults'),
    ...(withBackups ? { backupFolder: join(folder, 'backups') } : {}),
    onBackupsChange: (vault) => events.push({ name: 'backups.changed', vault }),
    onDomainsChange: () => events.push({ name: 'domains.changed' }),
    onArrival: (store) => events.push({ name: 'secrets.changed', store }),
    onChange: () => events.push({ name: 'stores.changed' }),
  })
  onTestFinished(() => stores.close())
  const access = accessOfVaults({
    ...{ office: certificateOffice({ clock, random: systemRandom }), clock, random: systemRandom },
    onChange: ({ id }) => events.push({ name: 'access.changed', vault: id }),
  })
  const ports = {
    stores,
    access,
    settings,
    clipboard: {
      copySecret: vi.fn(async () => 1_700_000_020_000 as EpochMs),
      copyText: vi.fn(async () => undefined),
      clear: vi.fn(async () => undefined),
    },
    dialog: {
      chooseNewFile: vi.fn<HandlerPorts['dialog']['chooseNewFile']>(async () => undefined),
      chooseFile: vi.fn<HandlerPorts['dialog']['chooseFile']>(async () => undefined),
      chooseFolder: vi.fn<HandlerPorts['dialog']['chooseFolder']>(async () => undefined),
    },
    credentials: {
      inspect: vi.fn(),
      makePkcs12: vi.fn(async () => new Uint8Array([1, 2])),
      extractPem: vi.fn(async () => ({
        key: Buffer.from('key'),
        certificates: Buffer.from('certificate'),
      })),
    },
    browsers: {
      list: vi.fn<HandlerPorts['browsers']['list']>(),
      import: vi.fn<HandlerPorts['browsers']['import']>(),
      cancelImport: vi.fn<HandlerPorts['browsers']['cancelImport']>(),
      remove: vi.fn<HandlerPorts['browsers']['remove']>(),
    },
    files: {
      write: vi.fn<HandlerPorts['files']['write']>(async () => undefined),
      newFolder: vi.fn<HandlerPorts['files']['newFolder']>(async () => undefined),
      removeIfSame: vi.fn<HandlerPorts['files']['removeIfSame']>(async () => 'removed'),
    },
    random: systemRandom,
    probe: vi.fn<HandlerPorts['probe']>(),
    backupFolder: join(folder, 'backups'),
    app: {
      info: () => info,
      showFolder: vi.fn(async () => undefined),
      quit: vi.fn(),
      lock: vi.fn(),
      draftKept: vi.fn(),
      applyPreferences: vi.fn(),
      openPage: vi.fn(async () => true),
    },
    localApi: {
      status: vi.fn<HandlerPorts['localApi']['status']>(),
      start: vi.fn<HandlerPorts['localApi']['start']>(),
      stop: vi.fn<HandlerPorts['localApi']['stop']>(),
      openDocumentation: vi.fn(),
    },
    emit: (event: AppEvent) => void events.push(event),
  } satisfies HandlerPorts
  const { vault } = await stores.create(join(folder, 'mine'), Uint8Array.from(passphrase))
  events.length = 0
  return {
    handlers: createHandlers(ports),
    ports,
    stores,
    events,
    folder,
    vault,
    store: vault.stores[0]!.id,
  }
}
