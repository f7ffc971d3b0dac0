import { z } from 'zod'
import { MountName, SecretPath } from '../contract/model'
import { VersionWire } from './kv2-shapes'
import { operation } from './operation'
import { fromSnapshot } from './snapshots'
import { envelopeOf } from './vault-envelope'

/** A snapshot as `sys/storage/raft/snapshot-load` tells it. */
export const SnapshotWire = z.object({
  snapshot_id: z.string(),
  cluster_id: z.string(),
  created_at: z.string(),
  expires_at: z.string(),
  status: z.enum(['loading', 'ready']),
})

const path = '/v1/sys/storage/raft/snapshot-load'
const byId = z.object({ id: z.string() })
const described = { description: 'the snapshot', schema: envelopeOf(SnapshotWire) }

/** Loading and unloading snapshots of the vault. Source: kv-semantics 4. */
export const snapshots = {
  load: operation({
    id: 'sys.snapshots.load',
    dialect: 'system',
    methods: ['POST', 'PUT'],
    path,
    summary: 'Load a copy of the vault file, to read and recover secrets from',
    takesBytes: true,
    replies: { 200: described },
    needs: 'configure',
  }),
  list: operation({
    id: 'sys.snapshots.list',
    dialect: 'system',
    methods: ['LIST'],
    path,
    summary: 'The ids of the snapshots that are loaded',
    replies: {
      200: {
        description: 'the ids',
        schema: envelopeOf(z.object({ keys: z.array(z.string()) })),
      },
    },
    needs: 'credential',
  }),
  read: operation({
    id: 'sys.snapshots.read',
    dialect: 'system',
    methods: ['GET'],
    path: `${path}/{id}`,
    summary: 'Whether a snapshot is loaded, and until when',
    params: byId,
    replies: { 200: described },
    needs: 'credential',
  }),
  remove: operation({
    id: 'sys.snapshots.remove',
    dialect: 'system',
    methods: ['DELETE'],
    path: `${path}/{id}`,
    summary: 'Unload a snapshot',
    params: byId,
    replies: { 204: { description: 'done' } },
    needs: 'configure',
  }),
} as const

const secret = z.object({ mount: MountName, path: SecretPath })
const recoverQuery = z.object({ recover_snapshot_id: fromSnapshot.read_snapshot_id })
const recoverHeaders = z.object({
  'x-vault-recover-snapshot-id': z.string().optional(),
  'x-vault-recover-source-path': z.string().optional(),
})

/**
 * Bringing one secret back from a snapshot. `POST` and `PUT` mean the same when they carry one of the
 * headers, or the deprecated parameter; a body is ignored. Source: kv-semantics 4.
 */
export const recovery = {
  version1: operation({
    id: 'kv1.recover',
    dialect: 'kv1',
    methods: ['RECOVER'],
    path: '/v1/{mount}/{path}',
    summary: 'Replace a secret with what it, or another one, was in a snapshot',
    params: secret,
    query: recoverQuery,
    headers: recoverHeaders,
    replies: { 204: { description: 'done' } },
    needs: 'write',
    mayNeed: ['readData'],
  }),
  version2: operation({
    id: 'kv2.recover',
    dialect: 'kv2',
    methods: ['RECOVER'],
    path: '/v1/{mount}/data/{path}',
    summary: 'Add what a secret, or another one, was in a snapshot as a new version',
    params: secret,
    query: recoverQuery,
    headers: recoverHeaders,
    replies: { 200: { description: 'the new version', schema: envelopeOf(VersionWire) } },
    needs: 'write',
    mayNeed: ['readData'],
  }),
} as const
