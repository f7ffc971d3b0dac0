import { z } from 'zod'
import { SecretPath } from '../contract/model'
import { exactObject, withSynonyms } from './json-shape'
import { isOkmsPath, lastOkmsVersion, okmsDuration, okmsPathRule } from './okms-rules'

/** Digits in an address. Empty text is no number: `?cas=` must not mean that nothing may be there. */
function numberText(least: number, most: number) {
  const rule = `an integer of ${least} to ${most} is expected`
  return z
    .string()
    .refine((text) => {
      const number = /^\d{1,5}$/.test(text) ? Number(text) : -1
      return number >= least && number <= most
    }, rule)
    .transform(Number)
    .meta({ type: 'integer', minimum: least, maximum: most })
}

/** A version in a query or a path: 1 to 24,000. Source: okms-api L17. */
export const versionText = numberText(1, lastOkmsVersion)
/** The version that must be current, 0 for none. Source: okms-api 6. */
export const casText = numberText(0, lastOkmsVersion)

const keptVersions = z.number().int().min(0).max(lastOkmsVersion)
const settingsShape = {
  casRequired: z.boolean().nullish(),
  deactivateVersionAfter: okmsDuration().nullish(),
  maxVersions: keptVersions.nullish(),
}
/** The guides print the spellings of v1. Source: okms-api L32. */
const settingsNames = {
  cas_required: 'casRequired',
  deactivate_version_after: 'deactivateVersionAfter',
  max_versions: 'maxVersions',
}

/** What changes the settings of the domain. */
export const ConfigChange = withSynonyms(z.object(settingsShape), settingsNames)

/** What changes the settings and the custom metadata of a secret. */
export const MetadataChange = withSynonyms(
  z.object({ ...settingsShape, customMetadata: exactObject.nullish() }),
  { ...settingsNames, custom_metadata: 'customMetadata' },
)

/** The data of a new version. */
export const NewVersion = z.object({ data: exactObject })

/** A secret to create. */
export const NewSecret = z.object({
  path: z.string().refine(isOkmsPath, okmsPathRule).pipe(SecretPath).meta({ maxLength: 255 }),
  metadata: MetadataChange.nullish(),
  version: NewVersion,
})

/** A change of a secret; one of the two parts at least. */
export const SecretChange = z.object({
  metadata: MetadataChange.nullish(),
  version: NewVersion.nullish(),
})
