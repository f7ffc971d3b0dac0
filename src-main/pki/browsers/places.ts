/** How a browser came onto the machine; it decides where its files lie. */
export type Packaging = 'system' | 'snap' | 'flatpak'

/** A folder with a `profiles.ini` of Firefox. */
export interface FirefoxPlace {
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

const firefoxFlatpak = 'org.mozilla.firefox'

/**
 * Where Firefox keeps profiles on Linux. Since version 147 a new one begins in the folder for
 * configuration, while `~/.mozilla` goes on where it is.
 */
export function firefoxPlaces({ home, config }: Folders): readonly FirefoxPlace[] {
  const snap = `${home}/snap/firefox`
  const flatpak = `${home}/.var/app/${firefoxFlatpak}`
  const inFlatpak = { packaging: 'flatpak', realm: flatpak, appId: firefoxFlatpak } as const
  return [
    { packaging: 'system', realm: home, folder: `${config}/mozilla/firefox` },
    { packaging: 'system', realm: home, folder: `${home}/.mozilla/firefox` },
    { packaging: 'snap', realm: snap, folder: `${snap}/common/.mozilla/firefox` },
    { packaging: 'snap', realm: snap, folder: `${snap}/common/.config/mozilla/firefox` },
    { ...inFlatpak, folder: `${flatpak}/.mozilla/firefox` },
    { ...inFlatpak, folder: `${flatpak}/config/mozilla/firefox` },
  ]
}

/** Profile folders below the folder for configuration. */
const systemPrograms = [
  ['Chromium', 'chromium'],
  ['Google Chrome', 'google-chrome'],
  ['Google Chrome Beta', 'google-chrome-beta'],
  ['Google Chrome Dev', 'google-chrome-unstable'],
  ['Brave', 'BraveSoftware/Brave-Browser'],
  ['Microsoft Edge', 'microsoft-edge'],
  ['Vivaldi', 'vivaldi'],
  ['Opera', 'opera'],
] as const

const snapPrograms = [
  ['Chromium', 'chromium', 'common/chromium'],
  ['Brave', 'brave', 'current/.config/BraveSoftware/Brave-Browser'],
] as const

const flatpakPrograms = [
  ['Chromium', 'org.chromium.Chromium', 'chromium'],
  ['Google Chrome', 'com.google.Chrome', 'google-chrome'],
  ['Brave', 'com.brave.Browser', 'BraveSoftware/Brave-Browser'],
  ['Microsoft Edge', 'com.microsoft.Edge', 'microsoft-edge'],
  ['Vivaldi', 'com.vivaldi.Vivaldi', 'vivaldi'],
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
