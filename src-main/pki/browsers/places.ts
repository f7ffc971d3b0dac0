/** How a browser came onto the machine; it decides where its files lie. */
export type Packaging = 'system' | 'snap' | 'flatpak'

/** A folder with a `profiles.ini` of Firefox, or of a program that was made from it. */
export interface FirefoxPlace {
  readonly program: string
  /** Part of the ids of its stores. */
  readonly id: string
  readonly packaging: Packaging
  /** What its profiles may not lead out of. */
  readonly realm: string
  readonly folder: string
  /** Of a flatpak. */
  readonly appId?: string
}

/** A certificate database that Chromium and its kin share. */
export interface ChromiumPlace {
  /** Part of the store's id. */
  readonly name: string
  readonly packaging: Packaging
  readonly realm: string
  /** The first one that exists is used, otherwise the last one is made. */
  readonly databases: readonly string[]
  /** Who uses it, with the folder of their profiles. */
  readonly programs: readonly { readonly name: string; readonly folder: string }[]
  readonly appId?: string
}

/** The folders of a person, absolute. */
export interface Folders {
  readonly home: string
  /** `$XDG_CONFIG_HOME`, or `~/.config`. */
  readonly config: string
  /** `$XDG_DATA_HOME`, or `~/.local/share`. */
  readonly data: string
}

/** A program of the Firefox family: all keep profiles in the same way, each in folders of its own. */
interface FirefoxKin {
  readonly program: string
  /** Part of the ids of its stores. */
  readonly id: string
  /** Below the home. */
  readonly oldFolder: string
  /** Below the folder for configuration. */
  readonly newFolder: string
  readonly flatpak: string
  readonly snap?: string
}

const firefoxKin: readonly FirefoxKin[] = [
  {
    ...{ program: 'Firefox', id: 'firefox', flatpak: 'org.mozilla.firefox', snap: 'firefox' },
    ...{ oldFolder: '.mozilla/firefox', newFolder: 'mozilla/firefox' },
  },
  {
    ...{ program: 'LibreWolf', id: 'librewolf', flatpak: 'io.gitlab.librewolf-community' },
    ...{ oldFolder: '.librewolf', newFolder: 'librewolf/librewolf' },
  },
  {
    ...{ program: 'Waterfox', id: 'waterfox', flatpak: 'net.waterfox.waterfox' },
    ...{ oldFolder: '.waterfox', newFolder: 'waterfox' },
  },
  {
    ...{ program: 'Floorp', id: 'floorp', flatpak: 'one.ablaze.floorp' },
    ...{ oldFolder: '.floorp', newFolder: 'floorp' },
  },
  {
    ...{ program: 'Zen', id: 'zen', flatpak: 'app.zen_browser.zen' },
    ...{ oldFolder: '.zen', newFolder: 'zen' },
  },
]

/**
 * Where Firefox and its kin keep profiles on Linux. Since version 147 a new one begins in the folder for
 * configuration, while `~/.mozilla` goes on where it is.
 */
export function firefoxPlaces({ home, config }: Folders): readonly FirefoxPlace[] {
  return firefoxKin.flatMap(({ program, id, oldFolder, newFolder, flatpak, snap }) => {
    const inSystem = { program, id, packaging: 'system', realm: home } as const
    const realm = `${home}/.var/app/${flatpak}`
    const inFlatpak = { program, packaging: 'flatpak', realm, appId: flatpak } as const
    const snapRealm = `${home}/snap/${snap}`
    const inSnap = { program, id: `${id}-snap`, packaging: 'snap', realm: snapRealm } as const
    const snaps: readonly FirefoxPlace[] = [
      { ...inSnap, folder: `${snapRealm}/common/${oldFolder}` },
      { ...inSnap, folder: `${snapRealm}/common/.config/${newFolder}` },
    ]
    return [
      { ...inSystem, folder: `${config}/${newFolder}` },
      { ...inSystem, folder: `${home}/${oldFolder}` },
      ...(snap === undefined ? [] : snaps),
      { ...inFlatpak, id: `${id}-flatpak`, folder: `${realm}/${oldFolder}` },
      { ...inFlatpak, id: `${id}-flatpak`, folder: `${realm}/config/${newFolder}` },
    ]
  })
}

/** Profile folders below the folder for configuration. */
const systemPrograms = [
  ['Chromium', 'chromium'],
  ['Google Chrome', 'google-chrome'],
  ['Google Chrome Beta', 'google-chrome-beta'],
  ['Google Chrome Dev', 'google-chrome-unstable'],
  ['Google Chrome for Testing', 'google-chrome-for-testing'],
  ['Brave', 'BraveSoftware/Brave-Browser'],
  ['Brave Beta', 'BraveSoftware/Brave-Browser-Beta'],
  ['Microsoft Edge', 'microsoft-edge'],
  ['Microsoft Edge Beta', 'microsoft-edge-beta'],
  ['Microsoft Edge Dev', 'microsoft-edge-dev'],
  ['Vivaldi', 'vivaldi'],
  ['Vivaldi Snapshot', 'vivaldi-snapshot'],
  ['Opera', 'opera'],
] as const

const snapPrograms = [
  ['Chromium', 'chromium', 'common/chromium'],
  ['Brave', 'brave', 'current/.config/BraveSoftware/Brave-Browser'],
  ['Opera', 'opera', 'current/.config/opera'],
  ['Vivaldi', 'vivaldi', 'current/.config/vivaldi'],
] as const

const flatpakPrograms = [
  ['Chromium', 'org.chromium.Chromium', 'chromium'],
  ['Google Chrome', 'com.google.Chrome', 'google-chrome'],
  ['Google Chrome Dev', 'com.google.ChromeDev', 'google-chrome-unstable'],
  ['Brave', 'com.brave.Browser', 'BraveSoftware/Brave-Browser'],
  ['Microsoft Edge', 'com.microsoft.Edge', 'microsoft-edge'],
  ['Microsoft Edge Dev', 'com.microsoft.EdgeDev', 'microsoft-edge-dev'],
  ['Vivaldi', 'com.vivaldi.Vivaldi', 'vivaldi'],
  ['Opera', 'com.opera.Opera', 'opera'],
  ['Ungoogled Chromium', 'io.github.ungoogled_software.ungoogled_chromium', 'chromium'],
] as const

/**
 * Where Chromium and its kin keep certificates on Linux: since version 146 in the folder for data,
 * unless `~/.pki/nssdb` is there.
 * Source: Chromium, crypto/nss_util.cc.
 */
export function chromiumPlaces({ home, config, data }: Folders): readonly ChromiumPlace[] {
  const system: ChromiumPlace = {
    name: 'chromium',
    packaging: 'system',
    realm: home,
    databases: [`${home}/.pki/nssdb`, `${data}/pki/nssdb`],
    programs: systemPrograms.map(([name, folder]) => ({ name, folder: `${config}/${folder}` })),
  }
  const snaps = snapPrograms.map(([name, snap, folder]): ChromiumPlace => {
    const realm = `${home}/snap/${snap}`
    return {
      name: `${snap}-snap`,
      packaging: 'snap',
      realm,
      databases: [`${realm}/current/.pki/nssdb`, `${realm}/current/.local/share/pki/nssdb`],
      programs: [{ name, folder: `${realm}/${folder}` }],
    }
  })
  const flatpaks = flatpakPrograms.map(([name, appId, folder]): ChromiumPlace => {
    const realm = `${home}/.var/app/${appId}`
    return {
      name: appId,
      packaging: 'flatpak',
      realm,
      databases: [`${realm}/.pki/nssdb`, `${realm}/data/pki/nssdb`],
      programs: [{ name, folder: `${realm}/config/${folder}` }],
      appId,
    }
  })
  return [system, ...snaps, ...flatpaks]
}
