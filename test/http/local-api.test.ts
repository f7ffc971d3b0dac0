import { join } from 'node:path'
import { chmodSync, statSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { fullScope } from '../../src-main/contract/access'
import { StoredSettings } from '../../src-main/contract/settings'
import { LocalApi } from '../../src-main/http/local-api'
import { runtimeFolder } from '../../src-main/http/runtime-folder'
import { settingsInMemory } from '../stores/settings-in-memory'
import { passphrase, temporaryFolder } from '../vault/new-vault'
import { vaultWithListener } from './served-vault'

/** The app's listener over one vault. */
async function localApi() {
  const one = await vaultWithListener()
  const { vault, listener } = one
  const settings = settingsInMemory()
  let changes = 0
  const base = temporaryFolder()
  const open = () => {
    const api = new LocalApi({
      settings,
      stores: { vault: () => vault },
      newListener: () => listener,
      keepAuthority: async () => one.caFile,
      onChange: () => (changes += 1),
      environment: { XDG_RUNTIME_DIR: base },
    })
    onTestFinished(() => api.end())
    return api
  }
  const request = { vault: vault.id, port: 0 }
  return { ...one, settings, api: open(), open, request, base, changes: () => changes }
}

test('it is off until it is switched on, and then says where it is', async () => {
  const { api, request, vault, base, caFile, settings, changes, ask } = await localApi()
  expect(api.status()).toEqual({ settings: { isOn: false, port: 8250 } })
  api.follow()
  expect(api.status().running).toBeUndefined()
  const { running } = await api.start(request)
  expect(running).toMatchObject({
    ...{ vault: vault.id, isLocked: false, requests: 0, caFile },
    socketFile: join(base, 'coffret', 'api.sock'),
  })
  expect(statSync(join(base, 'coffret')).mode & 0o777).toBe(0o700)
  expect(settings.read().localApi).toEqual({ ...request, isOn: true })
  expect(changes()).toBe(1)
  expect((await ask('/v1/secret/data/a')).status).toBe(200)
  expect(api.status().running?.requests).toBe(1)
  expect((await api.stop()).running).toBeUndefined()
  expect(settings.read().localApi).toEqual({ ...request, isOn: false })
  expect(changes()).toBe(2)
})

test('while its vault is locked it stays, and answers that it is', async () => {
  const { api, request, vault, ask } = await localApi()
  await api.start(request)
  vault.lock()
  api.follow()
  expect(api.status().running).toMatchObject({ isLocked: true })
  expect((await ask('/v1/secret/data/a')).status).toBe(503)
  await vault.unlockWithPassphrase(passphrase)
  api.follow()
  expect((await ask('/v1/secret/data/a')).status).toBe(200)
})

test('switched on, it starts with the next unlocking after a start of the app', async () => {
  const { api, open, request, vault } = await localApi()
  await api.start(request)
  await api.end()
  vault.lock()
  const next = open()
  next.follow()
  expect(next.status()).toMatchObject({ settings: { isOn: true } })
  expect(next.status().running).toBeUndefined()
  await vault.unlockWithPassphrase(passphrase)
  next.follow()
  await expect.poll(() => next.status().running?.vault).toBe(vault.id)
})

test('a vault that is locked, and a port that is taken, do not switch it on', async () => {
  const { api, request, vault, settings } = await localApi()
  const squatter = createServer()
  await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve))
  const { port } = squatter.address() as AddressInfo
  const taken = { ...request, port }
  await expect(api.start(taken)).rejects.toMatchObject({ code: 'busy', field: 'port' })
  vault.lock()
  await expect(api.start(request)).rejects.toMatchObject({ code: 'locked' })
  expect(settings.read().localApi.isOn).toBe(false)
  await new Promise((resolve) => squatter.close(resolve))
})

test('what is in the way of its own start is told, and tried again with the next unlocking', async () => {
  const { api, request, vault, settings } = await localApi()
  const squatter = createServer()
  await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve))
  const { port } = squatter.address() as AddressInfo
  settings.change({ localApi: { ...request, port, isOn: true } })
  api.follow()
  await expect.poll(() => api.status().problem).toMatchObject({ code: 'busy', field: 'port' })
  await new Promise((resolve) => squatter.close(resolve))
  vault.lock()
  api.follow()
  expect(api.status().problem).toBeUndefined()
  await vault.unlockWithPassphrase(passphrase)
  api.follow()
  await expect.poll(() => api.status().running?.port).toBe(port)
})

test('a certificate that is revoked is refused from the next refresh on', async () => {
  const { api, access, request, ask } = await localApi()
  await api.start(request)
  const {
    certificate: cert,
    privateKey: key = '',
    credential,
  } = await access.issueCertificate({
    ...{ name: 'ci', scope: fullScope },
  })
  const asCi = { cert, key, headers: {}, agent: false } as const
  expect((await ask('/v1/secret/data/a', asCi)).status).toBe(200)
  access.revoke(credential.id)
  api.refresh()
  expect((await ask('/v1/secret/data/a', asCi)).status).toBe(403)
})

test('damaged settings are those of somebody who has chosen nothing', () => {
  const read = (localApi: unknown) => StoredSettings.parse({ localApi }).localApi
  expect(read(undefined)).toEqual({ isOn: false, port: 8250 })
  expect(read({ isOn: 'yes', port: 70_000, vault: 'x', socket: 'api.sock' })).toEqual({
    ...{ isOn: false, port: 8250 },
  })
})

test('a folder of this session that is not ours alone is not used', () => {
  const base = temporaryFolder()
  expect(runtimeFolder({ XDG_RUNTIME_DIR: base })).toBe(join(base, 'coffret'))
  const elsewhere = runtimeFolder({ XDG_RUNTIME_DIR: join(base, 'missing') })
  expect(elsewhere.startsWith(base)).toBe(false)
  expect(runtimeFolder({ XDG_RUNTIME_DIR: 'relative' })).toBe(elsewhere)
  for (const mode of [0o770, 0o702, 0o1777]) {
    chmodSync(base, mode)
    expect(runtimeFolder({ XDG_RUNTIME_DIR: base })).toBe(elsewhere)
  }
})
