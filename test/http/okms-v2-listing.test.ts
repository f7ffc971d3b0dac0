import { describe, expect, test } from 'vitest'
import { ApiUnderTest } from './api-under-test'
import { expectRefusal, RestUnderTest, underBothPrefixes } from './okms-rest'

type Row = { readonly path: string; readonly id: number }

/** All pages of a listing, from the first. */
async function pagesOf(rest: RestUnderTest, target: string, size?: number): Promise<Row[][]> {
  const pages: Row[][] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const { status, headers, body } = await rest.get(target, {
      ...(size === undefined ? {} : { 'x-pagination-size': String(size) }),
      'x-pagination-cursor': cursor,
    })
    expect(status).toBe(200)
    pages.push(body)
    cursor = headers.get('x-pagination-cursor-next')
  }
  return pages
}

const lengths = (pages: readonly unknown[][]) => pages.map((page) => page.length)

describe.each(['domain', 'central'] as const)('listing all secrets (%s)', (prefix) => {
  test('of an empty domain is an empty array (L14)', async () => {
    const rest = new RestUnderTest(await ApiUnderTest.create(), prefix)
    for (const target of ['secret', 'secret/']) {
      const { status, text, headers } = await rest.get(target)
      expect({ status, text }).toEqual({ status: 200, text: '[]' })
      expect(headers.has('x-pagination-cursor-next')).toBe(false)
    }
    rest.api.close()
  })

  test('goes by bytes of the path, in pages without an empty last one (L10–L13)', async () => {
    const rest = new RestUnderTest(await ApiUnderTest.create(), prefix)
    const paths = Array.from({ length: 117 }, (_, n) => `n/${String(n).padStart(3, '0')}`)
    for (const path of ['a', 'Z', 'a/b', 'a.b', ...paths.toReversed()]) await rest.create(path)
    const sorted = ['Z', 'a', 'a.b', 'a/b', ...paths]
    const first = await rest.get('secret')
    expect(first.body).toHaveLength(100)
    const byDefault = await pagesOf(rest, 'secret')
    expect(lengths(byDefault)).toEqual([100, 21])
    expect(byDefault.flat().map(({ path }) => path)).toEqual(sorted)
    expect(lengths(await pagesOf(rest, 'secret', 11))).toEqual(Array(11).fill(11))
    expect(lengths(await pagesOf(rest, 'secret', 10)).at(-1)).toBe(1)
    rest.api.close()
  })
})

underBothPrefixes((rest) => {
  describe('a row of the listing', () => {
    test('is the secret with its latest version, whatever its state, and no data', async () => {
      const path = rest().fresh()
      await rest().createVersions(path, 2)
      await rest().setState(path, 2, 'deactivated')
      const row = (await pagesOf(rest(), 'secret')).flat().find((one) => one.path === path)
      const { body } = await rest().get(`secret/${path}`)
      expect(row).toEqual(body)
      expect(row).toMatchObject({ version: { id: 2, state: rest().word('deactivated') } })
    })
  })

  describe('versions', () => {
    test('are listed the latest first, in pages', async () => {
      const path = rest().fresh()
      await rest().put('secretConfig', { maxVersions: 100 })
      await rest().createVersions(path, 25)
      await rest().put('secretConfig', { maxVersions: 0 })
      const pages = await pagesOf(rest(), `secret/${path}/version`, 10)
      expect(lengths(pages)).toEqual([10, 10, 5])
      expect(pages.flat().map(({ id }) => id)).toEqual(Array.from({ length: 25 }, (_, n) => 25 - n))
      expect(lengths(await pagesOf(rest(), `secret/${path}/version/`))).toEqual([25])
    })

    test('go on behind the last one that was shown, also when it is gone meanwhile (L11)', async () => {
      const path = rest().fresh()
      await rest().put('secretConfig', { maxVersions: 11 })
      await rest().createVersions(path, 11)
      const size = { 'x-pagination-size': '10' }
      const { headers } = await rest().get(`secret/${path}/version`, size)
      const cursor = headers.get('x-pagination-cursor-next') ?? ''
      await rest().put(`secret/${path}`, { version: { data: {} } })
      await rest().put('secretConfig', { maxVersions: 0 })
      const { body } = await rest().get(`secret/${path}/version`, {
        ...size,
        'x-pagination-cursor': cursor,
      })
      expect(body).toEqual([])
    })
  })

  test.each(['9', '101', 'x', '1e1', '-10', '10.0'])(
    'a page of %s is refused (L10)',
    async (size) => {
      const headers = { 'x-pagination-size': size }
      expectRefusal(await rest().get('secret', headers), 400, 'form')
    },
  )

  test.each(['10', '100', ''])('a page of %j is not (L10)', async (size) => {
    expect((await rest().get('secret', { 'x-pagination-size': size })).status).toBe(200)
  })

  test('a cursor of another listing, or none of ours, is refused (L11)', async () => {
    const path = rest().fresh()
    await rest().put('secretConfig', { maxVersions: 20 })
    await rest().createVersions(path, 11)
    await rest().put('secretConfig', { maxVersions: 0 })
    const size = { 'x-pagination-size': '10' }
    const { headers } = await rest().get(`secret/${path}/version`, size)
    const foreign = headers.get('x-pagination-cursor-next') ?? ''
    expect(foreign).toMatch(/^[\w-]+$/)
    for (const cursor of [foreign, 'bm90IG91cnM', '%', 'a'.repeat(2_000)]) {
      const wanted = { 'x-pagination-cursor': cursor }
      expectRefusal(await rest().get('secret', wanted), 400, 'form')
    }
  })
})
