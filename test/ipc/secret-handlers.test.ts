import { describe, expect, test } from 'vitest'
import {
  SecretData,
  SecretPath,
  VersionNumber,
  maxWindowDataBytes,
} from '../../src-main/contract/model'
import { handlersOverVault } from './handlers-over-vault'

const failing = (code: string) => expect.objectContaining({ code })
const path = SecretPath.parse('app/db')
const first = SecretData.parse('{"password":"one"}')
const second = SecretData.parse('{"password":"two"}')
const version = (number: number) => VersionNumber.parse(number)

/** With `app/db` in two versions. */
async function withSecret() {
  const parts = await handlersOverVault()
  const at = { store: parts.store, path }
  await parts.handlers['secret.create']({ ...at, data: first })
  await parts.handlers['secret.write']({ ...at, data: second, cas: 1 })
  parts.events.length = 0
  return { ...parts, at }
}

describe('copying', () => {
  test('hands a value to the clipboard and only the time to the window', async () => {
    const { handlers, ports, at } = await withSecret()
    const answer = await handlers['secret.copy']({ ...at, pointer: ['password'] })
    expect(ports.clipboard.copySecret).toHaveBeenCalledWith('two')
    expect(answer).toEqual({ clearsAt: 1_700_000_020_000 })
  })

  test('takes the version that is asked for, whole without a pointer', async () => {
    const { handlers, ports, at } = await withSecret()
    await handlers['secret.copy']({ ...at, version: version(1) })
    expect(ports.clipboard.copySecret).toHaveBeenCalledWith(first)
  })

  test('refuses a version without data', async () => {
    const { handlers, ports, at } = await withSecret()
    await handlers['secret.setState']({ ...at, versions: [version(2)], state: 'deactivated' })
    await expect(handlers['secret.copy'](at)).rejects.toThrow(failing('not_found'))
    expect(ports.clipboard.copySecret).not.toHaveBeenCalled()
  })
})

describe('writing', () => {
  test('creates only what is not there', async () => {
    const { handlers, at } = await withSecret()
    await expect(handlers['secret.create']({ ...at, data: first })).rejects.toThrow(
      failing('exists'),
    )
  })

  test('creates with settings', async () => {
    const { handlers, store } = await handlersOverVault()
    const settings = {
      maxVersions: 3,
      casRequired: undefined,
      customMetadata: [['owner', 'ann'] as const],
    }
    const metadata = await handlers['secret.create']({ store, path, data: first, settings })
    expect(metadata).toMatchObject({
      settings: { maxVersions: 3, casRequired: false },
      customMetadata: [['owner', 'ann']],
    })
  })

  test('adds a version to the one it was edited from, and to no other', async () => {
    const { handlers, at } = await withSecret()
    const write = handlers['secret.write']
    await expect(write({ ...at, data: first, cas: 1 })).rejects.toThrow(failing('cas_mismatch'))
    expect(await write({ ...at, data: first, cas: 2 })).toMatchObject({ version: 3 })
  })

  test('does not make a secret of a name that is not there', async () => {
    const { handlers, store } = await handlersOverVault()
    const write = handlers['secret.write']({ store, path, data: first, cas: 0 })
    await expect(write).rejects.toThrow(failing('not_found'))
  })

  test.each([
    [0, 'accepts'],
    [1, 'refuses'],
  ])('at the window’s limit and %i bytes %s', async (more) => {
    const { handlers, store } = await handlersOverVault()
    const text = 'x'.repeat(maxWindowDataBytes - '{"a":""}'.length + more)
    const data = SecretData.parse(`{"a":"${text}"}`)
    const created = handlers['secret.create']({ store, path, data })
    if (more === 0) expect((await created).currentVersion).toBe(1)
    else await expect(created).rejects.toThrow(failing('too_large'))
  })

  test('restores an old version as a new one', async () => {
    const { handlers, at } = await withSecret()
    const restored = await handlers['secret.restore']({ ...at, version: version(1), cas: 2 })
    expect(restored).toMatchObject({ version: 3 })
    expect(await handlers['secret.reveal'](at)).toMatchObject({ data: first })
  })

  test('does not restore what has no data, nor over a version not seen', async () => {
    const { handlers, at } = await withSecret()
    const restore = handlers['secret.restore']
    await expect(restore({ ...at, version: version(1), cas: 1 })).rejects.toThrow(
      failing('cas_mismatch'),
    )
    await handlers['secret.setState']({ ...at, versions: [version(1)], state: 'deleted' })
    await expect(restore({ ...at, version: version(1), cas: 2 })).rejects.toThrow(
      failing('not_found'),
    )
  })
})

describe('the window is told of a change', () => {
  test('once it has happened', async () => {
    const { handlers, events, at, store } = await withSecret()
    const changed = { name: 'secrets.changed', store }
    await handlers['secret.write']({ ...at, data: first, cas: 2 })
    await handlers['secret.configure']({ ...at, settings: { maxVersions: 5 } })
    await handlers['secret.restore']({ ...at, version: version(1), cas: 3 })
    await handlers['secret.setState']({ ...at, versions: [version(1)], state: 'deactivated' })
    const to = SecretPath.parse('app/new')
    await handlers['secret.transfer']({ store, from: path, to, kind: 'secret', keepSource: false })
    await handlers['secret.remove']({ store, path: to })
    expect(events).toEqual(Array(6).fill(changed))
  })

  test('and not of a failure, nor of reading', async () => {
    const { handlers, events, at, store } = await withSecret()
    await Promise.allSettled([handlers['secret.write']({ ...at, data: first, cas: 9 })])
    await handlers['secret.reveal'](at)
    await handlers['secret.outline'](at)
    await handlers['secret.metadata'](at)
    await handlers['secret.list']({ store, folder: '' as never })
    await handlers['secret.paths']({ store, limit: 9 })
    expect(events).toEqual([])
  })
})
