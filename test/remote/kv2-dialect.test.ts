import { expect, test } from 'vitest'
import { MountName, SecretData, SecretPath, type EpochMs } from '../../src-main/contract/model'
import { Kv2Dialect } from '../../src-main/remote/kv2-dialect'
import { vaultKv2 } from '../../src-main/remote/kv2-servers'
import { CannedServer, type Canned } from './canned-server'

const x = SecretPath.parse('x')
const clock = { now: () => 1_700_000_000_000 as EpochMs }

function client(answers: Record<string, Canned>) {
  const server = new CannedServer(answers)
  const dialect = new Kv2Dialect(server.fetch, vaultKv2(MountName.parse('team')), clock)
  return { server, dialect }
}

const version = {
  created_time: '2023-11-14T22:13:20.123456789Z',
  custom_metadata: null,
  deletion_time: '2023-11-14T22:13:20Z',
  destroyed: false,
  version: 3,
}

test('a 404 that carries metadata is a deactivated version', async () => {
  const answer: Canned = [404, { data: { data: null, metadata: version } }]
  const { dialect } = client({ 'GET /v1/team/data/x': answer })
  expect(await dialect.readVersion(x)).toMatchObject({ state: 'deactivated' })
})

test('a 404 that carries nothing is nothing there', async () => {
  const { dialect } = client({})
  await expect(dialect.readVersion(x)).rejects.toMatchObject({ code: 'not_found' })
})

test.each<[string, Canned]>([
  ['no JSON', [200, '<html>']],
  ['another shape', [200, { data: { data: { a: 1 } } }]],
  ['a version 0', [200, { data: { data: {}, metadata: { ...version, version: 0 } } }]],
])('a success of %s is refused', async (_name, answer) => {
  const { dialect } = client({ 'GET /v1/team/data/x': answer })
  await expect(dialect.readVersion(x)).rejects.toMatchObject({ code: 'invalid' })
})

test('a creation that comes second finds the secret there', async () => {
  const texts = ['check-and-set parameter did not match the current version']
  const { dialect, server } = client({ 'PUT /v1/team/data/x': [400, { errors: texts }] })
  const request = { mode: 'create', data: SecretData.parse('{}') } as const
  await expect(dialect.write(x, request)).rejects.toMatchObject({ code: 'exists' })
  expect(server.asked).toEqual(['GET /v1/team/metadata/x', 'PUT /v1/team/data/x'])
})

test('settings that check-and-set guards are refused before anything is sent', async () => {
  const config = { cas_required: true, delete_version_after: '0s', max_versions: 0 }
  const times = { created_time: version.created_time, updated_time: version.created_time }
  const secret = { current_version: 3, oldest_version: 0, custom_metadata: null, versions: {} }
  const { dialect, server } = client({
    'GET /v1/team/config': [200, { data: config }],
    'GET /v1/team/metadata/x': [200, { data: { ...config, ...times, ...secret } }],
  })
  const settings = { maxVersions: 1 }
  const guarded = { mode: 'update', casGuards: 'settings', settings } as const
  await expect(dialect.write(x, guarded)).rejects.toMatchObject({ code: 'cas_required' })
  const stale = { mode: 'update', settings, cas: 2 } as const
  await expect(dialect.write(x, stale)).rejects.toMatchObject({ code: 'cas_mismatch' })
  expect(server.asked.filter((one) => !one.startsWith('GET'))).toEqual([])
})
