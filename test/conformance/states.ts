import { beforeEach, expect, test } from 'vitest'
import { parseDuration } from '../../src-main/contract/duration'
import { CustomMetadata } from '../../src-main/contract/model'
import {
  data,
  failing,
  folder,
  number,
  path,
  put,
  read,
  type Can,
  type Current,
} from './store-under-test'

/** Active, deactivated, deleted. */
export function describeStates(current: Current): void {
  const set = (versions: number[] | 'current', state: 'active' | 'deactivated' | 'deleted') =>
    current().store.setState(
      path('x'),
      versions === 'current' ? versions : versions.map(number),
      state,
    )

  beforeEach(async () => {
    await put(current, 'x', '{"n":1}')
    await put(current, 'x', '{"n":2}')
  })

  test('a deactivated version answers without data, and comes back', async () => {
    await set('current', 'deactivated')
    const version = await read(current, 'x')
    expect(version).toMatchObject({ state: 'deactivated', metadata: { version: 2 } })
    expect(version.data).toBeUndefined()
    expect((await read(current, 'x', 1)).data).toBe('{"n":1}')
    await set([2], 'active')
    expect(await read(current, 'x')).toMatchObject({ state: 'active', data: '{"n":2}' })
  })

  test('deleting is final', async () => {
    await set([2], 'deleted')
    await set([2], 'active')
    const version = await read(current, 'x', 2)
    expect(version).toMatchObject({ state: 'deleted', metadata: { destroyed: true } })
    expect(version.data).toBeUndefined()
  })

  test('a deactivated or deleted secret is still listed, with its state', async () => {
    await set('current', 'deactivated')
    const listed = async () => (await current().store.list(folder(''))).items[0]
    expect(await listed()).toMatchObject({ name: 'x', currentVersion: 2, state: 'deactivated' })
    await set('current', 'deleted')
    expect(await listed()).toMatchObject({ state: 'deleted' })
    expect((await current().store.listAll()).items[0]).toMatchObject({ state: 'deleted' })
  })

  test('the versions named come back as they are, unknown numbers are ignored', async () => {
    const changed = await set([9, 2, 1], 'deactivated')
    expect(changed.map((version) => version.version)).toEqual([1, 2])
    expect(changed.every((version) => version.deactivatedAt !== undefined)).toBe(true)
    const missing = current().store.setState(path('y'), 'current', 'active')
    await expect(missing).rejects.toThrow(failing('not_found'))
  })

  test('a deleted version still counts for check-and-set and for creating', async () => {
    const { store } = current()
    await set([1, 2], 'deleted')
    const create = store.write(path('x'), { mode: 'create', data: data('{}') })
    await expect(create).rejects.toThrow(failing('exists'))
    await put(current, 'x', '{"n":3}')
    expect(await read(current, 'x')).toMatchObject({ metadata: { version: 3 }, state: 'active' })
  })
}

/** Settings of secrets and of the store. */
export function describeSettings(current: Current, can: Can): void {
  const configure = (settings: object) =>
    current().store.write(path('x'), { mode: 'upsert', settings, data: data('{"n":1}') })
  const configureAlone = (settings: object) =>
    current().store.write(path('x'), { mode: 'upsert', settings })

  if (can('emptySecrets')) describeEmptySecrets(current)
  else describeNoEmptySecrets(current)

  test('of the secret and the store: the larger number of versions wins', async () => {
    await current().store.writeConfig({ maxVersions: 2 })
    await configure({ maxVersions: 3 })
    for (let n = 2; n <= 4; n += 1) await put(current, 'x')
    const { versions } = await current().store.readMetadata(path('x'))
    expect(versions.map((one) => one.version)).toEqual([2, 3, 4])
  })

  test('a version ends when its life is over', async () => {
    const { version } = await configure({ deactivateVersionAfter: parseDuration('1m30s') })
    expect((version?.deactivatedAt ?? 0) - (version?.createdAt ?? 0)).toBe(90_000)
    const { advance } = current()
    advance?.(89_999)
    expect((await read(current, 'x')).state).toBe('active')
    advance?.(1)
    if (advance !== undefined) expect((await read(current, 'x')).state).toBe('deactivated')
    const { settings } = await current().store.readMetadata(path('x'))
    expect(settings.deactivateVersionAfter).toEqual({ seconds: 90, text: '1m30s' })
  })

  test('custom metadata keeps its order, merges, and is replaced as a whole', async () => {
    const customMetadata = CustomMetadata.parse([
      ['z', '1'],
      ['a', '2'],
    ])
    await configure({ customMetadata })
    const { store } = current()
    const words = async () => (await store.readMetadata(path('x'))).customMetadata
    if (can('exactText')) expect(await words()).toEqual(customMetadata)
    expect(new Map(await words())).toEqual(new Map(customMetadata))
    await configureAlone({
      customMetadataPatch: [
        ['z', null],
        ['b', '3'],
      ],
    })
    expect(new Map(await words())).toEqual(
      new Map([
        ['a', '2'],
        ['b', '3'],
      ]),
    )
    await configureAlone({ customMetadata: [] })
    expect(await words()).toEqual([])
  })

  test('of the store change one by one', async () => {
    const { store } = current()
    await store.writeConfig({ maxVersions: 7 })
    const config = await store.writeConfig({ deactivateVersionAfter: parseDuration('1d') })
    expect(config).toMatchObject({ maxVersions: 7, casRequired: false })
    expect(config.deactivateVersionAfter.seconds).toBe(86_400)
    if (can('exactText')) expect(config.deactivateVersionAfter.text).toBe('1d')
    expect(await store.readConfig()).toEqual(config)
  })
}

function describeEmptySecrets(current: Current): void {
  test('alone make a secret without data', async () => {
    const { store } = current()
    await store.write(path('x'), { mode: 'upsert', settings: { maxVersions: 3 } })
    const metadata = await store.readMetadata(path('x'))
    expect(metadata).toMatchObject({ currentVersion: 0, oldestVersion: 0, versions: [] })
    await expect(read(current, 'x')).rejects.toThrow(failing('not_found'))
    const [row] = (await store.list(folder(''))).items
    expect(row).toMatchObject({ kind: 'secret', name: 'x', currentVersion: 0 })
    expect(row).not.toHaveProperty('state')
    await store.write(path('x'), { mode: 'upsert', data: data('{}'), cas: 0 })
    expect((await store.readMetadata(path('x'))).settings.maxVersions).toBe(3)
  })
}

function describeNoEmptySecrets(current: Current): void {
  test('alone make no secret', async () => {
    const { store } = current()
    const write = store.write(path('x'), { mode: 'upsert', settings: { maxVersions: 3 } })
    await expect(write).rejects.toThrow(failing('unsupported'))
    expect(await store.list(folder(''))).toEqual({ items: [] })
  })
}
