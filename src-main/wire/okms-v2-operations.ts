import { z } from 'zod'
import { SecretPath } from '../contract/model'
import { booleanField } from './fields'
import { cursorReplyHeader, pagingHeaders } from './okms-paging'
import {
  ConfigChange,
  NewSecret,
  NewVersion,
  SecretChange,
  casText,
  versionText,
} from './okms-v2-inputs'
import {
  ConfigReply,
  ConfigWritten,
  SecretWritten,
  stateInput,
  stateReplies,
  type StateSpelling,
} from './okms-v2-shapes'
import { operation } from './operation'

const domain = z.object({ okmsId: z.string() })
const secret = z.object({ okmsId: z.string(), path: SecretPath })
const version = z.object({ okmsId: z.string(), path: SecretPath, version: versionText })
const asksForData = { includeData: booleanField().optional() }
const checkAndSet = z.object({ cas: casText.optional() })
const bodyTypes = ['application/json']
const removed = { 204: { description: 'done' } }

/** One of the two prefixes under which a domain's REST API lies. */
interface Prefix {
  readonly dialect: 'okms-v2' | 'okms-central'
  /** Before the name of each operation. */
  readonly id: string
  readonly root: string
  readonly states: StateSpelling
}

/** What lists, creates and changes secrets. */
function secretOperations({ dialect, id, root, states }: Prefix) {
  const { Secret, Secrets } = stateReplies(states)
  const one = `${root}/secret/{path}`
  return {
    list: operation({
      id: `${id}.secrets.list`,
      dialect,
      methods: ['GET'],
      path: `${root}/secret`,
      summary: 'List all secrets with their metadata',
      params: domain,
      headers: pagingHeaders,
      replies: {
        200: { description: 'the secrets', schema: Secrets, headers: cursorReplyHeader },
      },
      needs: 'list',
      mayNeed: ['readMetadata'],
    }),
    create: operation({
      id: `${id}.secrets.create`,
      dialect,
      methods: ['POST'],
      path: `${root}/secret`,
      summary: 'Create a secret with its first version',
      params: domain,
      body: NewSecret,
      bodyTypes,
      replies: { 200: { description: 'the metadata', schema: SecretWritten } },
      // Its path is in the body.
      needs: 'credential',
      mayNeed: ['write'],
    }),
    read: operation({
      id: `${id}.secrets.read`,
      dialect,
      methods: ['GET'],
      path: one,
      summary: 'Read a secret with one of its versions, the latest unless asked otherwise',
      params: secret,
      query: z.object({ version: versionText.optional(), ...asksForData }),
      replies: { 200: { description: 'the secret', schema: Secret } },
      needs: 'readMetadata',
      mayNeed: ['readData'],
    }),
    update: operation({
      id: `${id}.secrets.update`,
      dialect,
      methods: ['PUT'],
      path: one,
      summary: 'Change settings, add a version, or both',
      params: secret,
      query: checkAndSet,
      body: SecretChange,
      bodyTypes,
      replies: { 200: { description: 'the metadata', schema: SecretWritten } },
      needs: 'write',
    }),
    remove: operation({
      id: `${id}.secrets.delete`,
      dialect,
      methods: ['DELETE'],
      path: one,
      summary: 'Remove a secret with all versions and metadata',
      params: secret,
      replies: removed,
      needs: 'destroy',
    }),
  } as const
}

/** What concerns the versions of a secret. */
function versionOperations({ dialect, id, root, states }: Prefix) {
  const { Version, Versions } = stateReplies(states)
  const all = `${root}/secret/{path}/version`
  return {
    listVersions: operation({
      id: `${id}.versions.list`,
      dialect,
      methods: ['GET'],
      path: all,
      summary: 'List the versions of a secret, the latest first',
      params: secret,
      headers: pagingHeaders,
      replies: {
        200: { description: 'the versions', schema: Versions, headers: cursorReplyHeader },
      },
      needs: 'readMetadata',
    }),
    createVersion: operation({
      id: `${id}.versions.create`,
      dialect,
      // A guide prints the second. Source: okms-api L45.
      methods: ['POST', 'PUT'],
      path: all,
      summary: 'Add a version to a secret',
      params: secret,
      query: checkAndSet,
      body: NewVersion,
      bodyTypes,
      replies: { 200: { description: 'the new version', schema: Version } },
      needs: 'write',
    }),
    readVersion: operation({
      id: `${id}.versions.read`,
      dialect,
      methods: ['GET'],
      path: `${all}/{version}`,
      summary: 'Read a version of a secret',
      params: version,
      query: z.object(asksForData),
      replies: { 200: { description: 'the version', schema: Version } },
      needs: 'readMetadata',
      mayNeed: ['readData'],
    }),
    setState: operation({
      id: `${id}.versions.setState`,
      dialect,
      methods: ['PUT'],
      path: `${all}/{version}`,
      summary: 'Make a version active or deactivated, or delete it for good',
      params: version,
      body: z.object({ state: stateInput(states) }),
      bodyTypes,
      replies: { 200: { description: 'the version', schema: Version } },
      needs: 'credential',
      mayNeed: ['deactivate', 'destroy'],
    }),
  } as const
}

/** What concerns the settings of the domain. */
function configOperations({ dialect, id, root }: Prefix) {
  return {
    readConfig: operation({
      id: `${id}.config.read`,
      dialect,
      methods: ['GET'],
      path: `${root}/secretConfig`,
      summary: 'Read the settings of the domain',
      params: domain,
      replies: { 200: { description: 'the settings', schema: ConfigReply } },
      needs: 'readMetadata',
    }),
    writeConfig: operation({
      id: `${id}.config.write`,
      dialect,
      methods: ['PUT'],
      path: `${root}/secretConfig`,
      summary: 'Change settings of the domain',
      params: domain,
      body: ConfigChange,
      bodyTypes,
      replies: { 200: { description: 'the settings', schema: ConfigWritten } },
      needs: 'configure',
    }),
  } as const
}

function operationsUnder(prefix: Prefix) {
  return {
    ...secretOperations(prefix),
    ...versionOperations(prefix),
    ...configOperations(prefix),
  }
}

/** The operations of one prefix. */
export type OkmsRestOperations = ReturnType<typeof operationsUnder>

/** The 11 routes of a domain's REST API. Source: okms-api 5. */
export const okmsV2 = operationsUnder({
  dialect: 'okms-v2',
  id: 'okms.v2',
  root: '/api/{okmsId}/v2',
  states: 'lower',
})

/** The same under the prefix of the central API, with states in capitals. Source: okms-api 11. */
export const okmsCentral = operationsUnder({
  dialect: 'okms-central',
  id: 'okms.central',
  root: '/v2/okms/resource/{okmsId}',
  states: 'upper',
})
