import type { ImportedProfile } from '../../contract/domain-calls'
import { CoffretError } from '../../contract/errors'
import { readOkmsProfiles, type OkmsProfile } from '../../remote/okms-profiles'

/** The profiles in a file of okms-cli, without their tokens. @throws CoffretError `invalid`, `too_large` */
export function importedProfiles(file: Uint8Array): readonly ImportedProfile[] {
  const { profiles, active } = readOkmsProfiles(textOf(file))
  return profiles.map((profile) => imported(profile, profile.name === active))
}

/** The token of a profile. @throws CoffretError `not_found` when there is none, and as {@link importedProfiles} */
export function tokenOfProfile(file: Uint8Array, name: string): string {
  const { profiles } = readOkmsProfiles(textOf(file))
  const auth = profiles.find((one) => one.name === name)?.auth
  if (auth?.kind === 'token' && auth.token !== '') return auth.token
  throw new CoffretError('not_found', 'the file has no such profile with a token')
}

function imported(profile: OkmsProfile, isActive: boolean): ImportedProfile {
  const { name, address, region, okmsId, auth, authorityFile, problems } = profile
  const pair =
    auth.kind === 'certificate'
      ? { ...named('certificate', auth.certificateFile), ...named('key', auth.keyFile) }
      : {}
  return {
    ...{ name, isActive, auth: auth.kind, problems },
    ...(address === undefined ? {} : { address }),
    ...(region === undefined ? {} : { region }),
    ...(okmsId === undefined ? {} : { okmsId }),
    files: { ...pair, ...named('authority', authorityFile) },
  }
}

function named(key: string, file: string | undefined): Readonly<Record<string, string>> {
  return file === undefined || file === '' ? {} : { [key]: file }
}

/** @throws CoffretError `invalid` */
function textOf(file: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file)
  } catch {
    throw new CoffretError('invalid', 'the profile file is not text')
  }
}
