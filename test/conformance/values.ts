import { expect, test } from 'vitest'
import {
  data,
  expectData,
  failing,
  names,
  path,
  put,
  read,
  type Can,
  type Current,
} from './store-under-test'

const plainNames = ['constructor', '__proto__', 'C:x', 'a=b@c.d', 'version']
const freeNames = ['C:\\x', '%2e%2e%2f', 'a b', 'é', 'e\u0301', '🔑']

/** Values in and out; every store. */
export function describeValues(current: Current, can: Can): void {
  test.each([
    ...(can('emptyData') ? ['{}'] : []),
    ...(can('anyName') ? ['{"":{"":1}}'] : []),
    '{"user":"ann","password":"pä§§ 🔑"}',
    '{"2":1.0,"1":9007199254740993,"0":null,"__proto__":{"x":[1e30,[],{}]}}',
    JSON.stringify({ long: 'x'.repeat(60_000) }),
  ])('a value comes back as it was written: %.40s', async (text) => {
    await put(current, 'app/config', text)
    const version = await read(current, 'app/config')
    expect(version.state).toBe('active')
    expectData(can, version.data, text)
  })

  if (!can('emptyData')) {
    test('a value that is empty is refused', async () => {
      await expect(put(current, 'x', '{}')).rejects.toThrow(failing('invalid'))
    })
  }

  test('a secret that is not there is not found', async () => {
    await put(current, 'a/b')
    await expect(read(current, 'a')).rejects.toThrow(failing('not_found'))
    await expect(read(current, 'a/b/c')).rejects.toThrow(failing('not_found'))
    await expect(read(current, 'A/b')).rejects.toThrow(failing('not_found'))
    await expect(current().store.remove(path('a'))).rejects.toThrow(failing('not_found'))
  })

  test('creating refuses a path that exists, updating one that does not', async () => {
    const { store } = current()
    const update = store.write(path('x'), { mode: 'update', data: data('{}') })
    await expect(update).rejects.toThrow(failing('not_found'))
    await store.write(path('x'), { mode: 'create', data: data('{"n":1}') })
    const create = store.write(path('x'), { mode: 'create', data: data('{"n":2}') })
    await expect(create).rejects.toThrow(failing('exists'))
    expect((await read(current, 'x')).data).toBe('{"n":1}')
  })

  test('a removed secret is gone, and its path starts anew', async () => {
    await put(current, 'x', '{"n":1}')
    await current().store.remove(path('x'))
    await expect(read(current, 'x')).rejects.toThrow(failing('not_found'))
    await put(current, 'x', '{"n":2}')
    expect((await read(current, 'x')).data).toBe('{"n":2}')
  })

  test.each([...plainNames, ...(can('anyName') ? freeNames : [])])(
    'a secret may be called %j',
    async (name) => {
      await put(current, `folder/${name}`, '{"n":1}')
      expect((await read(current, `folder/${name}`)).data).toBe('{"n":1}')
      expect(await names(current, 'folder')).toEqual([name])
    },
  )

  if (!can('anyName')) {
    test.each(freeNames)('a secret cannot be called %j', async (name) => {
      await expect(put(current, `folder/${name}`)).rejects.toThrow(failing('invalid'))
      expect(await names(current)).toEqual([])
    })
  }
}

/** What a store without versions does and refuses. */
export function describePlain(current: Current): void {
  test('a write replaces the one value', async () => {
    await put(current, 'x', '{"n":1}')
    await put(current, 'x', '{"n":2}')
    expect(await read(current, 'x')).toMatchObject({ state: 'active', data: '{"n":2}' })
  })

  test('what it cannot do is unsupported', async () => {
    const { store } = current()
    await put(current, 'x')
    const tries = [
      store.write(path('x'), { mode: 'upsert', data: data('{}'), cas: 1 }),
      store.write(path('x'), { mode: 'upsert', settings: { maxVersions: 1 } }),
      store.write(path('x'), { mode: 'update', patch: data('{}') }),
      store.setState(path('x'), 'current', 'deactivated'),
      store.readMetadata(path('x')),
      store.readConfig(),
      store.writeConfig({ maxVersions: 1 }),
    ]
    const outcomes = await Promise.allSettled(tries)
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'unsupported' } })
    }
    expect((await read(current, 'x')).data).toBe('{"a":1}')
  })
}
