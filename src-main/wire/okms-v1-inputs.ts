import { z } from 'zod'
import { booleanField, boundedField, integerListField } from './fields'
import { exactObject, withSynonyms } from './json-shape'
import { lastOkmsVersion, okmsDuration, okmsSignedDuration } from './okms-rules'

/** A uint32, as number or text. Source: okms-api L33. */
export const wholeNumber = boundedField(0, 4_294_967_295)
const keptVersions = boundedField(0, 24_000)
/** A version in a query; 0 is the latest. Source: okms-api L17. */
export const versionQuery = boundedField(0, lastOkmsVersion)

/** What `POST` and `PATCH data` take. */
export const DataInput = z.object({
  data: exactObject,
  options: z.object({ cas: wholeNumber.nullish() }).nullish(),
  /** The product guides put it here. Source: okms-api L45. */
  cas: wholeNumber.nullish(),
})
/** What changes of state take. */
export const VersionsInput = z.object({ versions: integerListField() })

const lifeName = { deactivate_version_after: 'delete_version_after' }
const settingsShape = {
  cas_required: booleanField().nullish(),
  max_versions: keptVersions.nullish(),
}
/** Settings of the domain; the guides spell the life of a version otherwise. Source: okms-api L32. */
export const ConfigInput = withSynonyms(
  z.object({ ...settingsShape, delete_version_after: okmsSignedDuration().nullish() }),
  lifeName,
)
/** Settings of a secret. */
export const SettingsInput = withSynonyms(
  z.object({
    ...settingsShape,
    delete_version_after: okmsDuration().nullish(),
    custom_metadata: exactObject.nullish(),
  }),
  lifeName,
)
