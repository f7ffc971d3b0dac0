import { readFileSync } from 'node:fs'
import type {
  BrowserImport,
  BrowserList,
  BrowserStore,
  BrowserStoreId,
} from '../../contract/browser-calls'
import type { CredentialReport, Pkcs12Profile } from '../../contract/calls'
import { CoffretError } from '../../contract/errors'
import type { RandomBytes } from '../../env'
import type { CredentialFile } from '../credential-files'
import { checkDatabase, contentMark } from './database-check'
import { isOurs, nicknameOf } from './nicknames'
import { importCommands, privateFile } from './nss-commands'
import { NssDatabase, type NssEntry } from './nss-database'
import { NssTools, checkNotCancelled, packageOfTools } from './nss-tools'
import { removeLeftovers, withPrivateFiles } from './private-folder'
import { RunningImports } from './running-imports'
import { type FoundStore, type Home, findStores } from './stores'

/** What is imported, and where to. */
export interface BrowserImportRequest {
  readonly store: BrowserStoreId
  readonly files: readonly CredentialFile[]
  readonly keyPassword: string | undefined
  /** Part of the name that the certificate has in the browser. */
  readonly name: string
  /** The primary password of a Firefox profile. */
  readonly databasePassword: Uint8Array | undefined
}

/** Which of our certificates leaves which store. */
export interface BrowserRemovalRequest {
  readonly store: BrowserStoreId
  readonly sha256Fingerprint: string
  readonly databasePassword: Uint8Array | undefined
}

/** The certificate stores of the browsers of this machine. */
export interface BrowserStores {
  list(): Promise<BrowserList>
  /** @throws CoffretError as the call `browser.import` */
  import(request: BrowserImportRequest): Promise<BrowserImport>
  /** Ends the imports into a store that are under way; nothing happens when none is. */
  cancelImport(store: BrowserStoreId): void
  /** @throws CoffretError as the call `browser.remove` */
  remove(request: BrowserRemovalRequest): Promise<void>
}

/** What makes PKCS#12 of files. */
interface CredentialMaker {
  inspect(request: {
    files: readonly CredentialFile[]
    password: string | undefined
  }): Promise<CredentialReport>
  makePkcs12(request: {
    files: readonly CredentialFile[]
    keyPassword: string | undefined
    password: string
    friendlyName: string
    profile: Pkcs12Profile
  }): Promise<Uint8Array>
}

/** What the import stands on. */
export interface BrowserPorts {
  readonly platform: NodeJS.Platform
  readonly home: Home
  /** The search path is taken from it. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly credentials: CredentialMaker
  readonly random: RandomBytes
}

/** NSS knows nothing newer: both profiles are taken, so the better one. */
const nssProfile: Pkcs12Profile = 'modern'

const systems: Readonly<Partial<Record<NodeJS.Platform, BrowserList['system']>>> = {
  linux: 'linux',
  darwin: 'macos',
  win32: 'windows',
}

/**
 * The browsers of this machine. It imports by itself on Linux, with the tools of NSS; elsewhere the list
 * is empty, and people follow the steps.
 */
export function browserStores(ports: BrowserPorts): BrowserStores {
  const tools = new NssTools(ports.environment)
  const isLinux = ports.platform === 'linux'
  const imports = new RunningImports()
  const find = (id: BrowserStoreId): FoundStore => {
    const found = isLinux ? findStores(ports.home).find((store) => store.id === id) : undefined
    if (!found) throw new CoffretError('not_found', 'no such certificate store', { field: 'store' })
    return found
  }
  return {
    list: async () => {
      if (isLinux) removeLeftovers(ports.home)
      return {
        system: systems[ports.platform] ?? 'other',
        stores: isLinux ? await described(findStores(ports.home), tools) : [],
        ...(isLinux && !tools.arePresent && { missingTools: packageOfTools(osRelease()) }),
      }
    },
    import: async (request) =>
      imports.run(request.store, (signal) =>
        importInto(find(request.store), request, ports, { tools, signal }),
      ),
    cancelImport: (store) => imports.cancel(store),
    remove: async (request) => removeFrom(find(request.store), request, ports, tools),
  }
}

function osRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8')
  } catch {
    return ''
  }
}

/** With what we put there. */
async function described(
  stores: readonly FoundStore[],
  tools: NssTools,
): Promise<readonly BrowserStore[]> {
  const all: BrowserStore[] = []
  for (const store of stores) {
    const isAsked = store.exists && tools.arePresent
    const found = isAsked
      ? await new NssDatabase(tools, store.path).ours().catch(() => undefined)
      : []
    all.push({
      ...{ ...store, commands: importCommands(store), certificates: found ?? [] },
      ...(found === undefined && { isClosed: true as const }),
    })
  }
  return all
}

async function importInto(
  store: FoundStore,
  { files, keyPassword, name, databasePassword }: BrowserImportRequest,
  { credentials, random, home }: BrowserPorts,
  { tools, signal }: { readonly tools: NssTools; readonly signal: AbortSignal },
): Promise<BrowserImport> {
  tools.require()
  if (store.exists) checkDatabase(home, store.path)
  const { certificates } = await credentials.inspect({ files, password: keyPassword })
  const [leaf] = certificates
  const friendlyName = nicknameOf(name, leaf?.sha256Fingerprint ?? '')
  // Nobody types it, and it lives for a moment.
  const password = Buffer.from(random(24)).toString('hex')
  const made = { files, keyPassword, password, friendlyName, profile: nssProfile }
  const pkcs12 = await credentials.makePkcs12(made)
  if (!leaf) throw new Error('a PKCS#12 file was made of no certificate')
  const contents = {
    [privateFile.pkcs12]: pkcs12,
    [privateFile.password]: Buffer.from(password),
    [privateFile.databasePassword]: databasePassword ?? new Uint8Array(),
  }
  try {
    return await withPrivateFiles(contents, home, async (folder) => {
      const database = new NssDatabase(tools, store.path, folder)
      // Half a database is one that no browser opens: what is begun is ended.
      checkNotCancelled(signal)
      if (!store.exists) await database.create()
      const before = await database.entries(signal)
      const brought = new Set(certificates.map((one) => one.sha256Fingerprint))
      const mark = (): string => contentMark(home, store.path)
      await importWhole(database, { before, brought, friendlyName, signal, mark })
      const { subject, sha256Fingerprint, validTo } = leaf
      const key = await database.keyOf(sha256Fingerprint)
      if (!key) throw new CoffretError('storage', 'the certificate is not there after the import')
      await database.adoptChain(before, brought)
      return {
        certificate: { nickname: key.nickname, subject, sha256Fingerprint, validTo },
        canBeRemoved: isOurs(key.nickname),
        commands: database.ran,
        isRunning: store.isRunning,
      }
    })
  } finally {
    for (const bytes of Object.values(contents)) bytes.fill(0)
  }
}

/**
 * Imports everything, or nothing when it fails or is ended: NSS writes first the key, then the certificates.
 * @throws CoffretError as {@link NssDatabase.import}
 */
async function importWhole(
  database: NssDatabase,
  importing: {
    readonly before: readonly NssEntry[]
    /** SHA-256 fingerprints of the certificates. */
    readonly brought: ReadonlySet<string>
    readonly friendlyName: string
    readonly signal: AbortSignal
    /** See {@link contentMark}: to look for what was written takes time while the store is held. */
    readonly mark: () => string
  },
): Promise<void> {
  const { before, brought, friendlyName, signal, mark } = importing
  const atFirst = mark()
  try {
    await database.import(signal)
  } catch (error) {
    // The same certificate was there before: it stays.
    const wasThere = before.some(({ nickname }) => nickname === friendlyName)
    if (mark() !== atFirst && !wasThere) {
      await database.adoptChain(before, brought)
      const key = await database.keyNamed(friendlyName)
      if (key) await database.remove(key)
    }
    throw error
  }
}

async function removeFrom(
  store: FoundStore,
  { sha256Fingerprint, databasePassword = new Uint8Array() }: BrowserRemovalRequest,
  { home }: BrowserPorts,
  tools: NssTools,
): Promise<void> {
  const missing = () =>
    new CoffretError('not_found', 'no certificate of ours with this fingerprint in the store')
  if (!store.exists) throw missing()
  tools.require()
  checkDatabase(home, store.path)
  const ours = await new NssDatabase(tools, store.path).ours()
  if (!ours.some((one) => one.sha256Fingerprint === sha256Fingerprint)) throw missing()
  const files = { [privateFile.databasePassword]: databasePassword }
  await withPrivateFiles(files, home, async (folder) => {
    const database = new NssDatabase(tools, store.path, folder)
    const key = await database.keyOf(sha256Fingerprint)
    if (!key) throw missing()
    await database.remove(key)
  })
}
