import { z } from 'zod'
import type { Right } from '../contract/access'
import { SecretPath } from '../contract/model'
import { cursorReplyHeader, pagingHeaders } from './okms-paging'
import {
  ConfigReply,
  GoneOnPatch,
  GoneOnRead,
  OkmsV1Metadata,
  OkmsV1Version,
  SecretReply,
  SubkeysReply,
  Warned,
  wrapped,
  written,
} from './okms-v1-shapes'
import {
  ConfigInput,
  DataInput,
  SettingsInput,
  VersionsInput,
  versionQuery,
  wholeNumber,
} from './okms-v1-inputs'
import { operation, type Method } from './operation'

const domain = z.object({ okmsId: z.string() })
const secret = z.object({ okmsId: z.string(), path: SecretPath })

const dialect = 'okms-v1'
const root = '/api/{okmsId}/v1/secret'
const noBody = { description: 'done' }
const json = ['application/json']
const patchTypes = ['application/json', 'application/merge-patch+json']
const settingsReplies = {
  200: { description: 'done, with warnings', schema: Warned },
  204: noBody,
}

/** `delete`, `undelete` and `destroy` differ in name and right only. */
function stateChange(
  endpoint: string,
  methods: readonly [Method, Method],
  summary: string,
  needs: Right,
) {
  return operation({
    id: `okms.v1.versions.${endpoint}`,
    dialect,
    methods,
    path: `${root}/${endpoint}/{path}`,
    summary,
    params: secret,
    body: VersionsInput,
    bodyTypes: json,
    replies: { 204: noBody },
    needs,
  })
}

/** The 15 routes of the KV2-compatible API of a domain. Source: okms-api 4. */
export const okmsV1 = {
  readConfig: operation({
    id: 'okms.v1.config.read',
    dialect,
    methods: ['GET'],
    path: `${root}/config`,
    summary: 'Read the settings of the domain',
    params: domain,
    replies: { 200: { description: 'the settings', schema: wrapped(ConfigReply) } },
    needs: 'readMetadata',
  }),
  writeConfig: operation({
    id: 'okms.v1.config.write',
    dialect,
    methods: ['POST', 'PUT'],
    path: `${root}/config`,
    summary: 'Change settings of the domain',
    params: domain,
    body: ConfigInput,
    bodyTypes: json,
    replies: { 204: noBody },
    needs: 'configure',
  }),
  read: operation({
    id: 'okms.v1.data.read',
    dialect,
    methods: ['GET'],
    path: `${root}/data/{path}`,
    summary: 'Read a version of a secret',
    params: secret,
    query: z.object({ version: versionQuery.optional() }),
    replies: {
      200: { description: 'the version', schema: wrapped(SecretReply) },
      404: { description: 'not there, or deactivated', schema: GoneOnRead },
    },
    needs: 'readData',
  }),
  write: operation({
    id: 'okms.v1.data.write',
    dialect,
    methods: ['POST', 'PUT'],
    path: `${root}/data/{path}`,
    summary: 'Add a version to a secret, creating it',
    params: secret,
    body: DataInput,
    bodyTypes: json,
    replies: { 200: { description: 'the new version', schema: written(OkmsV1Version) } },
    needs: 'write',
  }),
  patch: operation({
    id: 'okms.v1.data.patch',
    dialect,
    methods: ['PATCH'],
    path: `${root}/data/{path}`,
    summary: 'Merge into the current version, as a new one',
    params: secret,
    body: DataInput,
    bodyTypes: patchTypes,
    replies: {
      200: { description: 'the new version', schema: written(OkmsV1Version) },
      404: { description: 'not there, or deactivated', schema: GoneOnPatch },
    },
    needs: 'write',
  }),
  deactivate: operation({
    id: 'okms.v1.data.delete',
    dialect,
    methods: ['DELETE'],
    path: `${root}/data/{path}`,
    summary: 'Deactivate the current version',
    params: secret,
    replies: { 204: noBody },
    needs: 'deactivate',
  }),
  readSubkeys: operation({
    id: 'okms.v1.subkeys.read',
    dialect,
    methods: ['GET'],
    path: `${root}/subkeys/{path}`,
    summary: 'Read the keys of a version, without values',
    params: secret,
    query: z.object({ version: versionQuery.optional(), depth: wholeNumber.optional() }),
    replies: { 200: { description: 'the keys', schema: wrapped(SubkeysReply) } },
    needs: 'readMetadata',
  }),
  deactivateVersions: stateChange('delete', ['POST', 'PUT'], 'Deactivate versions', 'deactivate'),
  activateVersions: stateChange(
    'undelete',
    ['POST', 'PUT'],
    'Make deactivated versions active',
    'deactivate',
  ),
  destroyVersions: stateChange('destroy', ['PUT', 'POST'], 'Delete versions for good', 'destroy'),
  listRoot: operation({
    id: 'okms.v1.metadata.listRoot',
    dialect,
    methods: ['LIST'],
    path: `${root}/metadata`,
    summary: 'List the names at the top of the domain',
    params: domain,
    headers: pagingHeaders,
    replies: {
      200: {
        description: 'the names',
        schema: wrapped(OkmsV1Metadata),
        headers: cursorReplyHeader,
      },
    },
    needs: 'list',
  }),
  list: operation({
    id: 'okms.v1.metadata.list',
    dialect,
    methods: ['LIST'],
    path: `${root}/metadata/{path}`,
    summary: 'List the names below a folder',
    params: secret,
    headers: pagingHeaders,
    replies: {
      200: {
        description: 'the names',
        schema: wrapped(OkmsV1Metadata),
        headers: cursorReplyHeader,
      },
    },
    needs: 'list',
  }),
  readMetadata: operation({
    id: 'okms.v1.metadata.read',
    dialect,
    methods: ['GET'],
    path: `${root}/metadata/{path}`,
    summary: 'Read the metadata of a secret with its versions',
    params: secret,
    replies: { 200: { description: 'the metadata', schema: wrapped(OkmsV1Metadata) } },
    needs: 'readMetadata',
  }),
  writeMetadata: operation({
    id: 'okms.v1.metadata.write',
    dialect,
    methods: ['POST', 'PUT'],
    path: `${root}/metadata/{path}`,
    summary: 'Change settings and replace custom metadata',
    params: secret,
    body: SettingsInput,
    bodyTypes: json,
    replies: settingsReplies,
    needs: 'write',
  }),
  patchMetadata: operation({
    id: 'okms.v1.metadata.patch',
    dialect,
    methods: ['PATCH'],
    path: `${root}/metadata/{path}`,
    summary: 'Change settings and merge custom metadata',
    params: secret,
    body: SettingsInput,
    bodyTypes: patchTypes,
    replies: settingsReplies,
    needs: 'write',
  }),
  remove: operation({
    id: 'okms.v1.metadata.delete',
    dialect,
    methods: ['DELETE'],
    path: `${root}/metadata/{path}`,
    summary: 'Remove a secret with all versions and metadata',
    params: secret,
    replies: { 204: noBody },
    needs: 'destroy',
  }),
  mountOf: operation({
    id: 'okms.v1.mountOf',
    dialect,
    methods: ['GET'],
    path: '/api/{okmsId}/v1/sys/internal/ui/mounts/{path}',
    summary: 'Tell Vault clients that secret/ is KV version 2',
    params: z.object({ okmsId: z.string(), path: z.string() }),
    replies: { 200: { description: 'the mount' } },
    needs: 'credential',
  }),
} as const
