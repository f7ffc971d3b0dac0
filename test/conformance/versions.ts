import { expect, test } from 'vitest'
import {
  data,
  expectData,
  failing,
  path,
  paths,
  put,
  read,
  type Can,
  type Current,
} from './store-under-test'

/** Several versions of one secret. */
export function describeVersions(current: Current, can: Can): void {
  test('a write adds a version and keeps the ones before', async () => {
    await put(current, 'x', '{"n":1}')
    const { advance } = current()
    advance?.(1000)
    const { metadata, version } = await put(current, 'x', '{"n":2}')
    expect(version?.version).toBe(2)
    expect(metadata.currentVersion).toBe(2)
    expect(metadata.versions.map((one) => one.version)).toEqual([1, 2])
    if (advance !== undefined) expect(metadata.updatedAt - metadata.createdAt).toBe(1000)
    expect(metadata.updatedAt).toBeGreaterThanOrEqual(metadata.createdAt)
    expect((await read(current, 'x', 1)).data).toBe('{"n":1}')
    expect((await read(current, 'x')).data).toBe('{"n":2}')
    expect(await current().store.readMetadata(path('x'))).toEqual(metadata)
  })

  test('a version that is not there is not found', async () => {
    await put(current, 'x')
    await expect(read(current, 'x', 2)).rejects.toThrow(failing('not_found'))
  })

  test('the eleventh version drops the first', async () => {
    for (let n = 1; n <= 11; n += 1) await put(current, 'x', `{"n":${n}}`)
    await expect(read(current, 'x', 1)).rejects.toThrow(failing('not_found'))
    expect((await read(current, 'x', 2)).data).toBe('{"n":2}')
    expect((await current().store.readMetadata(path('x'))).oldestVersion).toBe(2)
  })

  test('a patch merges into the current version', async () => {
    const { store } = current()
    await put(current, 'x', '{"a":1,"b":{"c":1.0,"d":2}}')
    const patch = data('{"b":{"d":null,"e":3},"f":4}')
    await store.write(path('x'), { mode: 'update', patch })
    expectData(can, (await read(current, 'x')).data, '{"a":1,"b":{"c":1.0,"e":3},"f":4}')
    const missing = store.write(path('y'), { mode: 'update', patch })
    await expect(missing).rejects.toThrow(failing('not_found'))
  })

  if (can('rename')) describeVersionsMoved(current)
}

function describeVersionsMoved(current: Current): void {
  test('renaming and copying take all versions along', async () => {
    const { store } = current()
    await put(current, 'x', '{"n":1}')
    await put(current, 'x', '{"n":2}')
    const before = await store.readMetadata(path('x'))
    const request = { from: path('x'), kind: 'secret' } as const
    await store.transfer({ ...request, to: path('copy'), keepSource: true })
    await store.transfer({ ...request, to: path('moved'), keepSource: false })
    for (const at of ['copy', 'moved']) {
      expect(await store.readMetadata(path(at))).toEqual(before)
      expect((await read(current, at, 1)).data).toBe('{"n":1}')
    }
  })
}

/** Check-and-set. */
export function describeCas(current: Current): void {
  const write = (cas: number) =>
    current().store.write(path('x'), { mode: 'upsert', data: data(`{"cas":${cas}}`), cas })

  test('writes only if its number is the current version', async () => {
    await expect(write(1)).rejects.toThrow(failing('cas_mismatch'))
    await write(0)
    await expect(write(0)).rejects.toThrow(failing('cas_mismatch'))
    await write(1)
    expect((await read(current, 'x')).data).toBe('{"cas":1}')
  })

  test('a refused write creates nothing', async () => {
    await expect(write(7)).rejects.toThrow(failing('cas_mismatch'))
    expect(await paths(current)).toEqual([])
  })

  test('of two writers with the same number one is refused', async () => {
    await write(0)
    const outcomes = await Promise.allSettled([write(1), write(1)])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('versions are added by their number, each once', async () => {
    const { store } = current()
    if (store.addVersion === undefined) return
    const add = async (at: string, cas: number) =>
      store.addVersion?.(path(at), { data: data(`{"cas":${cas}}`), cas })
    const refused = { code: expect.stringMatching(/^(exists|not_found|cas_mismatch)$/) }
    await expect(add('x', 1)).rejects.toMatchObject(refused)
    // What fails among others that are added at the same time fails alone.
    const together = await Promise.allSettled([add('x', 0), add('y', 0), add('x', 0), add('z', 0)])
    const outcomes = together.map((one) => (one.status === 'fulfilled' ? one.value : 'refused'))
    expect(outcomes.sort()).toEqual([1, 1, 1, 'refused'])
    expect(await add('x', 1)).toBe(2)
    await expect(add('x', 0)).rejects.toMatchObject(refused)
    expect((await read(current, 'x')).data).toBe('{"cas":1}')
    expect((await read(current, 'x', 1)).data).toBe('{"cas":0}')
    expect(await paths(current)).toEqual(['x', 'y', 'z'])
  })

  test('is required where the secret or the store says so', async () => {
    const { store } = current()
    if (!store.capabilities().includes('settings')) return
    await put(current, 'x')
    await store.write(path('x'), { mode: 'update', settings: { casRequired: true } })
    await expect(put(current, 'x')).rejects.toThrow(failing('cas_required'))
    await write(1)
    await store.writeConfig({ casRequired: true })
    await expect(put(current, 'y')).rejects.toThrow(failing('cas_required'))
  })
}
