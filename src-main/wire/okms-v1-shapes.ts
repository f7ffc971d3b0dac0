import { z } from 'zod'
import { exactJson, exactObject } from './json-shape'

/** The wrapper of v1. Nothing may be in it that the description does not name. */
export const wrapped = <T extends z.ZodType>(data: T) =>
  z.strictObject({ request_id: z.string(), data })
/** The same with warnings, where something was not done as it was asked. */
export const written = <T extends z.ZodType>(data: T) =>
  z.strictObject({
    request_id: z.string(),
    data,
    warnings: z.array(z.string()).nullish(),
  })

/** The metadata of one version. */
export const OkmsV1Version = z.strictObject({
  created_time: z.string().nullish(),
  custom_metadata: exactObject.nullish(),
  deletion_time: z.string().nullish(),
  destroyed: z.boolean().nullish(),
  version: z.number().int().nullish(),
})

/** One version with its data; null once it is deactivated. */
export const SecretReply = z.strictObject({ data: exactJson.nullish(), metadata: OkmsV1Version })
/** The keys of a version, without values. */
export const SubkeysReply = z.strictObject({
  subkeys: exactJson.nullish(),
  metadata: OkmsV1Version,
})

/** The settings of the domain. */
export const ConfigReply = z.strictObject({
  cas_required: z.boolean().nullish(),
  delete_version_after: z.string().nullish(),
  max_versions: z.number().int().nullish(),
})

/** One schema for listing (`keys` alone) and reading. */
export const OkmsV1Metadata = ConfigReply.extend({
  keys: z.array(z.string()).nullish(),
  created_time: z.string().nullish(),
  current_version: z.number().int().nullish(),
  custom_metadata: exactObject.nullish(),
  oldest_version: z.number().int().nullish(),
  updated_time: z.string().nullish(),
  urn: z.string().nullish(),
  versions: z
    .record(
      z.string(),
      z.strictObject({
        created_time: z.string().nullish(),
        deletion_time: z.string().nullish(),
        destroyed: z.boolean().optional(),
      }),
    )
    .nullish(),
})

/** The answer to a change of settings. It has no wrapper. */
export const Warned = z.strictObject({ warnings: z.array(z.string()) })
export const errorShape = {
  error_id: z.string().optional(),
  error_code: z.number().int().optional(),
  errors: z.array(z.string()).optional(),
  request_id: z.string().optional(),
}

/** The error of both OKMS APIs. */
export const OkmsError = z.strictObject(errorShape)

/** A version that is no longer readable. */
export const GoneOnRead = z.strictObject({ ...errorShape, data: SecretReply.optional() })
/** A current version that nothing can be merged into. */
export const GoneOnPatch = z.strictObject({ ...errorShape, data: OkmsV1Version.optional() })
