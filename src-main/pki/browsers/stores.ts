import { BrowserStoreId, type BrowserStore } from '../../contract/browser-calls'
import {
  type ChromiumPlace,
  type FirefoxPlace,
  type Folders,
  chromiumPlaces,
  firefoxPlaces,
} from './places'
import { type NamedProfile, hasProfileGroup, maxProfiles, readProfilesIni } from './profiles-ini'

/** What is asked of the file system of a person. Nothing of it throws. */
export interface Home extends Folders {
  /** `$XDG_RUNTIME_DIR`. */
  readonly runtime?: string
  readonly hostName: string
  /** A regular file as text; undefined when there is none, or one of more than 256 KiB. */
  readText(path: string): string | undefined
  names(folder: string): readonly string[]
  isFolder(path: string): boolean
  /** Whether there is anything, a broken link too. */
  exists(path: string): boolean
  /** A regular file, not behind a link. */
  isPlainFile(path: string): boolean
  /** Whether we may read and write a file, or make files in a folder. */
  canWrite(path: string): boolean
  /** The size of a file in bytes, and its beginning; undefined when it cannot be read. */
  beginning(path: string, bytes: number): { size: number; start: Uint8Array } | undefined
  linkTarget(path: string): string | undefined
  /** Without links in it; undefined when nothing is there. */
  realPath(path: string): string | undefined
  isAlive(pid: number): boolean
}

/** A store as it was found, before it is asked what it holds. */
export type FoundStore = Omit<BrowserStore, 'commands' | 'certificates' | 'isClosed'>

const databaseFiles = ['cert9.db', 'key4.db'] as const

/**
 * Whether a folder holds a database of today (`yes`), none yet (`none`), or something that is better
 * left alone: one of the old format, half of one, or links, by which a browser in a sandbox could
 * lead us elsewhere.
 */
function databaseIn(home: Home, folder: string): 'yes' | 'none' | 'foreign' {
  const files = databaseFiles.map((name) => `${folder}/${name}`)
  if (files.every((file) => home.isPlainFile(file))) return 'yes'
  const all = [...files, `${folder}/cert8.db`]
  return all.some((file) => home.exists(file)) ? 'foreign' : 'none'
}

const isBelow = (path: string, folder: string): boolean => path.startsWith(`${folder}/`)

/** A lock as Firefox (`127.0.1.1:+4711`) and Chromium (`host-4711`) write it, of a program that lives. */
function isHeld(home: Home, lock: string): boolean {
  const [, before = '', pid] = /^(.*?)[-+](\d+)$/.exec(home.linkTarget(lock)?.trim() ?? '') ?? []
  const isElsewhere = !before.endsWith(':') && before !== home.hostName
  return pid !== undefined && !isElsewhere && home.isAlive(Number(pid))
}

/** A flatpak counts its processes for itself, so its locks say nothing here. */
function isFlatpakRunning(home: Home, appId: string): boolean {
  if (home.runtime === undefined) return false
  const folder = `${home.runtime}/.flatpak`
  return home.names(folder).some((instance) => {
    const info = home.readText(`${folder}/${instance}/info`) ?? ''
    const pid = Number(home.readText(`${folder}/${instance}/pid`))
    return info.split('\n').includes(`name=${appId}`) && pid > 0 && home.isAlive(pid)
  })
}

const isRunning = (home: Home, appId: string | undefined, locks: readonly string[]): boolean =>
  appId === undefined ? locks.some((lock) => isHeld(home, lock)) : isFlatpakRunning(home, appId)

/** What may stand in an id; the rest of a name becomes a line. */
const inId = (text: string): string => text.replace(/[^\w.-]/g, '_').slice(0, 100)

/** A name from a file, fit to be shown on one line. */
const shown = (text: string): string => text.replace(/\p{C}/gu, '').slice(0, 64)

/** The real folder of a profile, when it is one that this Firefox may name. */
function profileFolder(home: Home, place: FirefoxPlace, profile: NamedProfile): string | undefined {
  const { path, isRelative } = profile
  if (path.includes('\0') || isRelative === path.startsWith('/')) return undefined
  const real = home.realPath(isRelative ? `${place.folder}/${path}` : path)
  const realm = home.realPath(place.realm)
  const root = home.realPath(place.folder)
  if (real === undefined || realm === undefined || root === undefined) return undefined
  // A profile that holds the others is none.
  const isOwn = isBelow(real, realm) && !isBelow(`${root}/`, real)
  return isOwn && home.isFolder(real) ? real : undefined
}

/** Folders with a database beside the profiles that are named: `Ab12Cd34.Work` of a group. */
function unnamedProfiles(
  home: Home,
  { folder }: FirefoxPlace,
  named: readonly NamedProfile[],
): readonly NamedProfile[] {
  return home
    .names(folder)
    .filter((name) => /^\w+\../.test(name) && !named.some(({ path }) => path === name))
    .filter((name) => databaseIn(home, `${folder}/${name}`) === 'yes')
    .slice(0, maxProfiles)
    .map((path) => ({
      ...{ path, isRelative: true, isDefault: false },
      name: path.slice(path.indexOf('.') + 1),
    }))
}

function firefoxStores(home: Home, place: FirefoxPlace): FoundStore[] {
  const profilesIni = home.readText(`${place.folder}/profiles.ini`)
  if (profilesIni === undefined) return []
  const named = readProfilesIni(profilesIni, home.readText(`${place.folder}/installs.ini`))
  const others = hasProfileGroup(profilesIni) ? unnamedProfiles(home, place, named) : []
  return [...named, ...others].flatMap((profile) => {
    const path = profileFolder(home, place, profile)
    if (path === undefined) return []
    const database = databaseIn(home, path)
    if (database === 'foreign') return []
    const base = path.slice(path.lastIndexOf('/') + 1)
    return {
      id: BrowserStoreId.parse(`${place.id}:${inId(base)}`),
      browser: 'firefox' as const,
      program: place.program,
      packaging: place.packaging,
      name: shown(profile.name),
      path,
      isDefault: profile.isDefault,
      exists: database === 'yes',
      isRunning: isRunning(home, place.appId, [`${path}/lock`]),
    }
  })
}

function chromiumStores(home: Home, place: ChromiumPlace): FoundStore[] {
  const programs = place.programs.filter(({ folder }) => home.isFolder(folder))
  const present = place.databases.find((folder) => home.isFolder(folder))
  // A sandbox without a program in it was left behind by one.
  if (programs.length === 0 && (present === undefined || place.packaging !== 'system')) return []
  const path = present ?? place.databases.at(-1)
  if (path === undefined) return []
  const database = databaseIn(home, path)
  const real = present === undefined ? path : home.realPath(path)
  const realm = home.realPath(place.realm)
  if (database === 'foreign' || real === undefined || realm === undefined) return []
  // What is not there yet has no real path; of the system's own, the person chose the place.
  if (place.packaging !== 'system' && present !== undefined && !isBelow(real, realm)) return []
  const locks = programs.map(({ folder }) => `${folder}/SingletonLock`)
  const program = programs.map(({ name }) => name).join(', ') || 'Chromium'
  return [
    {
      id: BrowserStoreId.parse(inId(place.name)),
      browser: 'chromium',
      program,
      packaging: place.packaging,
      name: '',
      path: real,
      isDefault: true,
      exists: database === 'yes',
      isRunning: isRunning(home, place.appId, locks),
    },
  ]
}

/** Two profiles may end in the same name, in two folders. */
function withOwnIds(stores: readonly FoundStore[]): FoundStore[] {
  const seen = new Map<string, number>()
  return stores.map((store) => {
    const count = (seen.get(store.id) ?? 0) + 1
    seen.set(store.id, count)
    return count === 1 ? store : { ...store, id: BrowserStoreId.parse(`${store.id}:${count}`) }
  })
}

/**
 * The certificate stores of the browsers of a person, on Linux: each profile of Firefox, and the
 * database that Chromium and its kin share; from the distribution, as a snap or as a flatpak. A profile
 * that lies outside the home, or outside the sandbox whose `profiles.ini` names it, is left out.
 */
export function findStores(home: Home): readonly FoundStore[] {
  const found = [
    ...firefoxPlaces(home).flatMap((place) => firefoxStores(home, place)),
    ...chromiumPlaces(home).flatMap((place) => chromiumStores(home, place)),
  ]
  const byPath = new Map<string, FoundStore>()
  for (const store of found) if (!byPath.has(store.path)) byPath.set(store.path, store)
  return withOwnIds([...byPath.values()])
}
