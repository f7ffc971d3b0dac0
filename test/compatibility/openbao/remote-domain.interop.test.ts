import { request as plainRequest } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DomainProfile } from '../../../src-main/contract/domain'
import {
  FolderPath,
  MountName,
  SecretData,
  SecretPath,
  VaultId,
} from '../../../src-main/contract/model'
import { systemClock, systemRandom } from '../../../src-main/env'
import { testConnection } from '../../../src-main/remote/connection-test'
import { RemoteDomain } from '../../../src-main/remote/remote-domain'
import { TestAuthority } from '../../support/tls-identities'

const { COFFRET_OPENBAO: behind = '', COFFRET_OPENBAO_TOKEN: token = '' } = process.env
const id = VaultId.parse('00000000-0000-4000-8000-000000000001')
let front: ReturnType<typeof createServer>
let profile: DomainProfile
let domain: RemoteDomain

const environment = {
  ...{ clock: systemClock, random: systemRandom },
  after: (ms: number, work: () => void) => {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
}
const secret = { kind: 'token', token } as const

/** The server of these tests speaks no TLS: a front of ours does, and hands on what comes. */
beforeAll(async () => {
  const authority = await TestAuthority.create(id)
  const { certificate, privateKey } = await authority.server()
  front = createServer({ cert: certificate, key: privateKey }, (request, response) => {
    const { method, url, headers } = request
    const { hostname, port } = new URL(behind)
    const onwards = plainRequest(
      { hostname, port, method, path: url, headers, agent: false },
      (reply) => {
        response.writeHead(reply.statusCode ?? 0, reply.headers)
        reply.pipe(response)
      },
    )
    request.pipe(onwards)
  })
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  profile = DomainProfile.parse({
    ...{ id, label: 'OpenBao', kind: 'vault', auth: 'token' },
    address: `https://127.0.0.1:${(front.address() as AddressInfo).port}`,
    authorities: { kind: 'own', pem: authority.pem, withPublic: false },
  })
  domain = new RemoteDomain(profile, secret, environment)
})
afterAll(async () => {
  domain.close()
  front.closeAllConnections()
  await new Promise((resolve) => front.close(resolve))
})

const path = SecretPath.parse('remote domain/é/x')
const data = (text: string) => SecretData.parse(text)

test('its mounts are found', async () => {
  expect(await domain.mounts()).toContainEqual({ name: 'secret', version: 2 })
})

test('a secret lives through all its states', async () => {
  const store = domain.store({ name: MountName.parse('secret'), version: 2 })
  const created = await store.write(path, { mode: 'create', data: data('{"a":1}') })
  expect(created.version?.version).toBe(1)
  const again = store.write(path, { mode: 'create', data: data('{"a":2}') })
  await expect(again).rejects.toMatchObject({ code: 'exists' })
  const stale = store.write(path, { mode: 'upsert', data: data('{"a":2}'), cas: 0 })
  await expect(stale).rejects.toMatchObject({ code: 'cas_mismatch' })
  await store.write(path, { mode: 'update', patch: data('{"b":2}'), cas: 1 })
  expect(JSON.parse((await store.readVersion(path)).data ?? '')).toEqual({ a: 1, b: 2 })
  await store.setState(path, 'current', 'deactivated')
  expect(await store.readVersion(path)).toMatchObject({ state: 'deactivated' })
  const { items } = await store.list(FolderPath.parse('remote domain/é'))
  expect(items).toMatchObject([{ kind: 'secret', name: 'x', currentVersion: 2 }])
  await store.remove(path)
  await expect(store.readMetadata(path)).rejects.toMatchObject({ code: 'not_found' })
})

test('the connection test passes, and says what is wrong with another token', async () => {
  const store = domain.store({ name: MountName.parse('secret'), version: 2 })
  await store.write(path, { mode: 'upsert', data: data('{"a":1}') })
  const outcomes = []
  for await (const step of testConnection(profile, secret, environment)) outcomes.push(step)
  expect(outcomes.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
  expect(outcomes.length).toBe(8)
  await store.remove(path)
  let last
  const stranger = { kind: 'token', token: 'nobody-has-this' } as const
  for await (const step of testConnection(profile, stranger, environment)) last = step
  expect(last).toMatchObject({ step: 'accepted', reason: 'unauthenticated', remedy: 'renew_token' })
})

test('a mount that is not there is not an empty one', async () => {
  const store = domain.store({ name: MountName.parse('nowhere'), version: 1 })
  await expect(store.list(FolderPath.parse(''))).rejects.toMatchObject({
    code: expect.any(String) as unknown,
  })
})
