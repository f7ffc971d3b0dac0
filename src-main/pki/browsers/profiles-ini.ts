/** A profile as `profiles.ini` names it. Nothing is known yet of what lies there. */
export interface NamedProfile {
  readonly name: string
  readonly path: string
  readonly isRelative: boolean
  /** The one that the browser starts with, of one of its installations. */
  readonly isDefault: boolean
}

/** More than anyone has. */
export const maxProfiles = 64

type Section = Readonly<Record<string, string>>

/** The sections of an INI file. Lines that are neither section nor setting say nothing. */
function sectionsOf(text: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Record<string, string>>()
  let current: Record<string, string> | undefined
  for (const line of text.split(/\r?\n/)) {
    const [, title] = /^\s*\[([^\]]+)\]\s*$/.exec(line) ?? []
    const [, key, value] = /^([^=;#\s][^=]*)=(.*)$/.exec(line) ?? []
    if (title !== undefined) {
      current = Object.create(null) as Record<string, string>
      sections.set(title, current)
    } else if (current && key !== undefined && value !== undefined) {
      current[key.trim()] = value
    }
  }
  return sections
}

/**
 * Whether there may be profiles that no file in text names: since version 138 Firefox keeps groups of
 * profiles in a database, and here only the one of a group that was used last.
 * Source: Firefox, browser/components/profiles, SelectableProfileService.
 */
export const hasProfileGroup = (profilesIni: string): boolean =>
  [...sectionsOf(profilesIni).values()].some(({ StoreID }) => StoreID !== undefined)

/**
 * The profiles of a Firefox. Each installation has a default of its own, in `installs.ini` and again
 * in `profiles.ini`; where none is named, the old mark on the profile counts.
 * Source: Firefox, toolkit/profile/nsToolkitProfileService.cpp.
 */
export function readProfilesIni(profilesIni: string, installsIni = ''): readonly NamedProfile[] {
  const sections = [...sectionsOf(profilesIni)]
  const installs = [
    ...sections.filter(([title]) => title.startsWith('Install')),
    ...sectionsOf(installsIni),
  ]
  const defaults = new Set(installs.flatMap(([, { Default }]) => Default ?? []))
  return sections
    .filter(([title]) => /^Profile\d+$/.test(title))
    .slice(0, maxProfiles)
    .flatMap(([, { Name, Path, IsRelative, Default }]) =>
      Path === undefined || Path === ''
        ? []
        : {
            name: Name ?? Path,
            path: Path,
            isRelative: IsRelative === '1',
            isDefault: defaults.size > 0 ? defaults.has(Path) : Default === '1',
          },
    )
}
