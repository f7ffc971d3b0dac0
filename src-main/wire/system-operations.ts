import { z } from 'zod'
import { durationField, textListField, mapField, textField } from './fields'
import { exactObject } from './json-shape'
import { operation } from './operation'
import { envelopeOf } from './vault-envelope'

const dialect = 'system'
const done = { 204: { description: 'done' } }
const status = z.string().optional()

/** What `sys/health` says; it has no wrapper. */
export const HealthWire = z.looseObject({
  initialized: z.boolean(),
  sealed: z.boolean(),
  standby: z.boolean(),
  server_time_utc: z.number().int(),
  version: z.string(),
  cluster_name: z.string(),
  cluster_id: z.string(),
})

/** What `sys/seal-status` says; it has no wrapper. */
export const SealStatusWire = z.looseObject({
  type: z.string(),
  initialized: z.boolean(),
  sealed: z.boolean(),
  t: z.number().int(),
  n: z.number().int(),
  progress: z.number().int(),
})

const seconds = z.number().int()
const mountEntry = {
  accessor: z.string(),
  config: z.looseObject({ default_lease_ttl: seconds, max_lease_ttl: seconds }),
  description: z.string(),
  // A text, also for the version: clients assert it.
  options: z.record(z.string(), z.string()).nullable(),
  type: z.string(),
  uuid: z.string(),
}

/** One mount as `sys/mounts` tells it. */
export const MountWire = z.looseObject(mountEntry)

const MountAtPath = z.looseObject({ ...mountEntry, path: z.string().endsWith('/') })
const Tuning = z.looseObject({ default_lease_ttl: seconds, max_lease_ttl: seconds })
const Token = z.looseObject({ id: z.string(), ttl: seconds, policies: z.array(z.string()) })
const byPath = z.object({ path: z.string() })

const mountFields = {
  type: textField().optional(),
  description: textField().optional(),
  config: mapField().optional(),
  options: mapField().optional(),
}

/** What clients ask for before and around secrets. Source: kv-semantics 5. */
export const system = {
  health: operation({
    id: 'sys.health',
    dialect,
    methods: ['GET'],
    path: '/v1/sys/health',
    summary: 'Whether the vault is there and unlocked',
    query: z.object({
      standbyok: status,
      perfstandbyok: status,
      activecode: status,
      standbycode: status,
      sealedcode: status,
      uninitcode: status,
    }),
    replies: {
      200: { description: 'unlocked', schema: HealthWire },
      503: { description: 'locked', schema: HealthWire },
    },
    needs: 'nothing',
  }),
  sealStatus: operation({
    id: 'sys.sealStatus',
    dialect,
    methods: ['GET'],
    path: '/v1/sys/seal-status',
    summary: 'Whether the vault is locked',
    replies: { 200: { description: 'the state', schema: SealStatusWire } },
    needs: 'nothing',
  }),
  init: operation({
    id: 'sys.init',
    dialect,
    methods: ['GET'],
    path: '/v1/sys/init',
    summary: 'Whether there is a vault',
    replies: { 200: { description: 'yes', schema: z.object({ initialized: z.boolean() }) } },
    needs: 'nothing',
  }),
  leader: operation({
    id: 'sys.leader',
    dialect,
    methods: ['GET'],
    path: '/v1/sys/leader',
    summary: 'Whether there are several servers',
    replies: { 200: { description: 'no', schema: z.looseObject({ ha_enabled: z.boolean() }) } },
    needs: 'nothing',
  }),
  visibleMounts: operation({
    id: 'sys.visibleMounts',
    dialect,
    methods: ['GET'],
    path: '/v1/sys/internal/ui/mounts',
    summary: 'The mounts that may be known without a credential: none',
    replies: {
      200: {
        description: 'none',
        schema: envelopeOf(z.object({ secret: exactObject, auth: exactObject })),
      },
    },
    needs: 'nothing',
  }),
  mountOf: operation({
    id: 'sys.mountOf',
    dialect,
    methods: ['GET'],
    path: '/v1/sys/internal/ui/mounts/{path}',
    summary: 'The mount that a path lies in',
    params: byPath,
    replies: { 200: { description: 'the mount', schema: envelopeOf(MountAtPath) } },
    needs: 'credential',
  }),
  mounts: operation({
    id: 'sys.mounts.list',
    dialect,
    methods: ['GET'],
    path: '/v1/sys/mounts',
    summary: 'All mounts',
    replies: {
      200: { description: 'mounts by path', schema: envelopeOf(z.record(z.string(), MountWire)) },
    },
    needs: 'credential',
  }),
  tuning: operation({
    id: 'sys.mounts.tuning',
    dialect,
    methods: ['GET'],
    path: '/v1/sys/mounts/{path}/tune',
    summary: 'Read how a mount is set up',
    params: byPath,
    replies: { 200: { description: 'the set-up', schema: envelopeOf(Tuning) } },
    needs: 'credential',
  }),
  tune: operation({
    id: 'sys.mounts.tune',
    dialect,
    methods: ['POST', 'PUT'],
    path: '/v1/sys/mounts/{path}/tune',
    summary: 'Change how a mount is set up',
    params: byPath,
    body: z.object({
      description: textField().optional(),
      options: mapField().optional(),
      default_lease_ttl: durationField().optional(),
      max_lease_ttl: durationField().optional(),
    }),
    replies: done,
    needs: 'configure',
  }),
  readMount: operation({
    id: 'sys.mounts.read',
    dialect,
    methods: ['GET'],
    path: '/v1/sys/mounts/{path}',
    summary: 'Read one mount',
    params: byPath,
    replies: { 200: { description: 'the mount', schema: envelopeOf(MountWire) } },
    needs: 'credential',
  }),
  enable: operation({
    id: 'sys.mounts.enable',
    dialect,
    methods: ['POST', 'PUT'],
    path: '/v1/sys/mounts/{path}',
    summary: 'Add a mount of either KV version',
    params: byPath,
    body: z.object(mountFields),
    replies: done,
    needs: 'configure',
  }),
  disable: operation({
    id: 'sys.mounts.disable',
    dialect,
    methods: ['DELETE'],
    path: '/v1/sys/mounts/{path}',
    summary: 'Remove a mount with everything in it',
    params: byPath,
    replies: done,
    needs: 'configure',
  }),
  lookUpSelf: operation({
    id: 'auth.token.lookUpSelf',
    dialect,
    methods: ['GET'],
    path: '/v1/auth/token/lookup-self',
    summary: 'What is known of the credential in use',
    replies: { 200: { description: 'the credential', schema: envelopeOf(Token) } },
    needs: 'credential',
  }),
  renewSelf: operation({
    id: 'auth.token.renewSelf',
    dialect,
    methods: ['POST', 'PUT'],
    path: '/v1/auth/token/renew-self',
    summary: 'Refused: credentials end when they were made to end',
    body: z.object({ increment: textField().optional() }),
    replies: {},
    needs: 'credential',
  }),
  revokeSelf: operation({
    id: 'auth.token.revokeSelf',
    dialect,
    methods: ['POST', 'PUT'],
    path: '/v1/auth/token/revoke-self',
    summary: 'Revoke the credential in use',
    body: z.object({}),
    replies: done,
    needs: 'credential',
  }),
  capabilities: operation({
    id: 'sys.capabilitiesSelf',
    dialect,
    methods: ['POST', 'PUT'],
    path: '/v1/sys/capabilities-self',
    summary: 'What the credential in use may do at paths',
    body: z.object({ path: textListField().optional(), paths: textListField().optional() }),
    replies: { 200: { description: 'words by path', schema: envelopeOf(exactObject) } },
    needs: 'credential',
  }),
} as const
