import { z } from 'zod'
import { exactJson, exactObject } from './json-shape'

/** The metadata of one version. */
export const VersionWire = z.looseObject({
  created_time: z.string(),
  custom_metadata: exactObject.nullable(),
  deletion_time: z.string(),
  destroyed: z.boolean(),
  version: z.number().int(),
})

/** One version with its data; null once it is deleted. */
export const SecretWire = z.looseObject({ data: exactObject.nullable(), metadata: VersionWire })

/** The settings of a mount. */
export const ConfigWire = z.looseObject({
  cas_required: z.boolean(),
  delete_version_after: z.string(),
  max_versions: z.number().int(),
})

/** The metadata of a secret. */
export const MetadataWire = ConfigWire.extend({
  created_time: z.string(),
  current_version: z.number().int(),
  custom_metadata: exactObject.nullable(),
  oldest_version: z.number().int(),
  updated_time: z.string(),
  versions: z.record(
    z.string(),
    z.looseObject({ created_time: z.string(), deletion_time: z.string(), destroyed: z.boolean() }),
  ),
})

/** Names below a folder; a folder ends in `/`. */
export const KeysWire = z.looseObject({ keys: z.array(z.string()) })

/** The keys of a version, without values. */
export const SubkeysWire = z.looseObject({ subkeys: exactJson, metadata: VersionWire })
