import { z } from 'zod'
import { MountName, SecretPath } from '../contract/model'
import { exactObject } from './json-shape'
import { KeysWire } from './kv2-shapes'
import { operation } from './operation'
import { fromSnapshot } from './snapshots'
import { envelopeOf } from './vault-envelope'

const mount = z.object({ mount: MountName })
const secret = z.object({ mount: MountName, path: SecretPath })
const query = z.object(fromSnapshot)
const dialect = 'kv1'

/** Every operation of a KV version 1 mount. Source: kv-semantics 3. */
export const kv1 = {
  read: operation({
    id: 'kv1.read',
    dialect,
    methods: ['GET'],
    path: '/v1/{mount}/{path}',
    summary: 'Read a secret',
    params: secret,
    query,
    replies: {
      200: { description: 'the secret as it was written', schema: envelopeOf(exactObject) },
    },
    needs: 'readData',
  }),
  write: operation({
    id: 'kv1.write',
    dialect,
    methods: ['PUT', 'POST'],
    path: '/v1/{mount}/{path}',
    summary: 'Create or replace a secret',
    params: secret,
    body: exactObject,
    replies: { 204: { description: 'done' } },
    needs: 'write',
  }),
  remove: operation({
    id: 'kv1.delete',
    dialect,
    methods: ['DELETE'],
    path: '/v1/{mount}/{path}',
    summary: 'Remove a secret',
    params: secret,
    replies: { 204: { description: 'done' } },
    needs: 'destroy',
  }),
  list: operation({
    id: 'kv1.list',
    dialect,
    methods: ['LIST'],
    path: '/v1/{mount}/{path}',
    summary: 'List the names below a folder',
    params: secret,
    query,
    replies: { 200: { description: 'the names', schema: envelopeOf(KeysWire) } },
    needs: 'list',
  }),
  listRoot: operation({
    id: 'kv1.listRoot',
    dialect,
    methods: ['LIST'],
    path: '/v1/{mount}',
    summary: 'List the names at the top of a mount',
    params: mount,
    query,
    replies: { 200: { description: 'the names', schema: envelopeOf(KeysWire) } },
    needs: 'list',
  }),
} as const
