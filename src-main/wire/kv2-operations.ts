import { z } from 'zod'
import { MountName, SecretPath } from '../contract/model'
import {
  booleanField,
  durationField,
  integerField,
  integerListField,
  mapField,
  signedDurationField,
  textField,
} from './fields'
import {
  ConfigWire,
  KeysWire,
  MetadataWire,
  SecretWire,
  SubkeysWire,
  VersionWire,
} from './kv2-shapes'
import { operation } from './operation'
import { fromSnapshot } from './snapshots'
import { emptyEnvelope, envelopeOf } from './vault-envelope'

const mount = z.object({ mount: MountName })
const secret = z.object({ mount: MountName, path: SecretPath })

/** Fields of an endpoint are converted, and refused, wherever they are sent. Source: kv-semantics 1.3. */
const dataShape = {
  data: mapField().optional(),
  options: mapField().optional(),
  version: integerField().optional(),
}
const settingsShape = {
  max_versions: integerField().optional(),
  cas_required: booleanField().optional(),
  delete_version_after: durationField().optional(),
}
const metadataFields = z.object({ ...settingsShape, custom_metadata: mapField().optional() })
const listFields = z.object({
  after: textField().optional(),
  limit: integerField().optional(),
  ...fromSnapshot,
})
const versionsFields = z.object({ versions: integerListField().optional() })

const noBody = { description: 'done' }
const warned = { description: 'done, with warnings', schema: emptyEnvelope }
const gone = 'the version is deleted or destroyed: its metadata, without data'
const patchTypes = ['application/merge-patch+json']
const dialect = 'kv2'

/** Every operation of a KV version 2 mount. Source: kv-semantics 2. */
export const kv2 = {
  readConfig: operation({
    id: 'kv2.config.read',
    dialect,
    methods: ['GET'],
    path: '/v1/{mount}/config',
    summary: 'Read the settings of a mount',
    params: mount,
    query: z.object(fromSnapshot),
    replies: { 200: { description: 'the settings', schema: envelopeOf(ConfigWire) } },
    needs: 'readMetadata',
  }),
  writeConfig: operation({
    id: 'kv2.config.write',
    dialect,
    methods: ['POST', 'PUT'],
    path: '/v1/{mount}/config',
    summary: 'Change settings of a mount',
    params: mount,
    body: z.object({ ...settingsShape, delete_version_after: signedDurationField().optional() }),
    replies: { 204: noBody },
    needs: 'configure',
  }),
  read: operation({
    id: 'kv2.data.read',
    dialect,
    methods: ['GET'],
    path: '/v1/{mount}/data/{path}',
    summary: 'Read a version of a secret',
    params: secret,
    query: z.object({ ...dataShape, ...fromSnapshot }),
    replies: {
      200: { description: 'the version', schema: envelopeOf(SecretWire) },
      404: { description: gone, schema: envelopeOf(SecretWire) },
    },
    needs: 'readData',
  }),
  write: operation({
    id: 'kv2.data.write',
    dialect,
    methods: ['PUT', 'POST'],
    path: '/v1/{mount}/data/{path}',
    summary: 'Add a version to a secret, creating it',
    params: secret,
    body: z.object(dataShape),
    replies: { 200: { description: 'the new version', schema: envelopeOf(VersionWire) } },
    needs: 'write',
  }),
  patch: operation({
    id: 'kv2.data.patch',
    dialect,
    methods: ['PATCH'],
    path: '/v1/{mount}/data/{path}',
    summary: 'Merge into the current version, as a new one',
    params: secret,
    body: z.object(dataShape),
    bodyTypes: patchTypes,
    replies: {
      200: { description: 'the new version', schema: envelopeOf(VersionWire) },
      404: { description: gone, schema: envelopeOf(VersionWire) },
    },
    needs: 'write',
  }),
  deactivate: operation({
    id: 'kv2.data.delete',
    dialect,
    methods: ['DELETE'],
    path: '/v1/{mount}/data/{path}',
    summary: 'Delete the current version, restorably',
    params: secret,
    query: z.object(dataShape),
    replies: { 204: noBody },
    needs: 'deactivate',
  }),
  deactivateVersions: operation({
    id: 'kv2.versions.delete',
    dialect,
    methods: ['PUT', 'POST'],
    path: '/v1/{mount}/delete/{path}',
    summary: 'Delete versions, restorably',
    params: secret,
    body: versionsFields,
    replies: { 204: noBody },
    needs: 'deactivate',
  }),
  activateVersions: operation({
    id: 'kv2.versions.undelete',
    dialect,
    methods: ['PUT', 'POST'],
    path: '/v1/{mount}/undelete/{path}',
    summary: 'Restore deleted versions',
    params: secret,
    body: versionsFields,
    replies: { 204: noBody },
    needs: 'deactivate',
  }),
  destroyVersions: operation({
    id: 'kv2.versions.destroy',
    dialect,
    methods: ['PUT', 'POST'],
    path: '/v1/{mount}/destroy/{path}',
    summary: 'Destroy versions for good',
    params: secret,
    body: versionsFields,
    replies: { 204: noBody },
    needs: 'destroy',
  }),
  list: operation({
    id: 'kv2.metadata.list',
    dialect,
    methods: ['LIST'],
    path: '/v1/{mount}/metadata/{path}',
    summary: 'List the names below a folder',
    params: secret,
    query: listFields,
    replies: { 200: { description: 'the names', schema: envelopeOf(KeysWire) } },
    needs: 'list',
  }),
  listRoot: operation({
    id: 'kv2.metadata.listRoot',
    dialect,
    methods: ['LIST'],
    path: '/v1/{mount}/metadata',
    summary: 'List the names at the top of a mount',
    params: mount,
    query: listFields,
    replies: { 200: { description: 'the names', schema: envelopeOf(KeysWire) } },
    needs: 'list',
  }),
  readMetadata: operation({
    id: 'kv2.metadata.read',
    dialect,
    methods: ['GET'],
    path: '/v1/{mount}/metadata/{path}',
    summary: 'Read the metadata of a secret with its versions',
    params: secret,
    query: metadataFields.extend(fromSnapshot),
    replies: { 200: { description: 'the metadata', schema: envelopeOf(MetadataWire) } },
    needs: 'readMetadata',
  }),
  writeMetadata: operation({
    id: 'kv2.metadata.write',
    dialect,
    methods: ['PUT', 'POST'],
    path: '/v1/{mount}/metadata/{path}',
    summary: 'Change settings and replace custom metadata',
    params: secret,
    body: metadataFields,
    replies: { 200: warned, 204: noBody },
    needs: 'write',
  }),
  patchMetadata: operation({
    id: 'kv2.metadata.patch',
    dialect,
    methods: ['PATCH'],
    path: '/v1/{mount}/metadata/{path}',
    summary: 'Change settings and merge custom metadata',
    params: secret,
    body: metadataFields,
    bodyTypes: patchTypes,
    replies: { 200: warned, 204: noBody },
    needs: 'write',
  }),
  remove: operation({
    id: 'kv2.metadata.delete',
    dialect,
    methods: ['DELETE'],
    path: '/v1/{mount}/metadata/{path}',
    summary: 'Remove a secret with all versions and metadata',
    params: secret,
    query: metadataFields,
    replies: { 204: noBody },
    needs: 'destroy',
  }),
  readSubkeys: operation({
    id: 'kv2.subkeys.read',
    dialect,
    methods: ['GET'],
    path: '/v1/{mount}/subkeys/{path}',
    summary: 'Read the keys of a version, without values',
    params: secret,
    query: z.object({
      version: integerField().optional(),
      depth: integerField().optional(),
      ...fromSnapshot,
    }),
    replies: {
      200: { description: 'the keys', schema: envelopeOf(SubkeysWire) },
      404: { description: gone, schema: envelopeOf(SubkeysWire) },
    },
    needs: 'readMetadata',
  }),
} as const
