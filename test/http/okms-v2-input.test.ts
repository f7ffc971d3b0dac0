import { describe, expect, test } from 'vitest'
import { expectRefusal, underBothPrefixes } from './okms-rest'

const sized = (bytes: number) => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) })
const pairs = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 'v']))

underBothPrefixes((rest) => {
  describe('a body', () => {
    // Source: okms-api L3, L19.
    test.each([
      ['nothing', '', 'form'],
      ['broken JSON', '{', 'form'],
      ['an array', '[]', 'form'],
      ['no path', '{"version":{"data":{}}}', 'form'],
      ['no version', '{"path":"x"}', 'form'],
      ['no data', '{"path":"x","version":{}}', 'form'],
      ['data that is null', '{"path":"x","version":{"data":null}}', 'form'],
      ['data that is text', '{"path":"x","version":{"data":"{}"}}', 'form'],
      ['two equal keys', '{"path":"x","version":{"data":{"a":1,"a":2}}}', 'form'],
      ['an empty key', '{"path":"x","version":{"data":{"b":[{"":1}]}}}', 'rule'],
      ['a number outside float64', '{"path":"x","version":{"data":{"a":1e400}}}', 'rule'],
      ['a path that is a number', '{"path":1,"version":{"data":{}}}', 'form'],
    ] as const)('with %s is refused', async (_name, text, code) => {
      expectRefusal(await rest().send('POST', 'secret', { text }), 400, code)
    })

    test('of {} as data is taken (L19)', async () => {
      const path = rest().fresh()
      await rest().create(path, {})
      const { body } = await rest().get(`secret/${path}?includeData=true`)
      expect(body.version.data).toEqual({})
    })

    test('with several faults names each field, and never a value (L3)', async () => {
      const canary = 'canary-5d1e'
      const metadata = { casRequired: canary, maxVersions: canary, deactivateVersionAfter: canary }
      const body = { path: canary + ' ', metadata, version: { data: canary } }
      const reply = await rest().send('POST', 'secret', { body })
      const messages = expectRefusal(reply, 400, 'form').join('\n')
      for (const field of [
        'path',
        'metadata.casRequired',
        'metadata.maxVersions',
        'version.data',
      ]) {
        expect(messages).toContain(field)
      }
      expect(reply.text).not.toContain(canary)
    })

    test.each([
      [65_536, 200],
      [65_537, 400],
    ])('with data of %i bytes is %i (L7)', async (bytes, status) => {
      const path = rest().fresh()
      const reply = await rest().create(path, sized(bytes))
      expect(reply.status).toBe(status)
      if (status === 400) expectRefusal(reply, 400, 'rule')
    })

    test('over 256 KiB is not read (L7)', async () => {
      expectRefusal(await rest().create(rest().fresh(), sized(262_144)), 413, 'form')
    })
  })

  describe('a path', () => {
    // Source: okms-api L15.
    test.each([
      ['x'.repeat(255), 200],
      ['x'.repeat(256), 400],
      ['A_b.c:d=e@f-g/h', 200],
      ['', 400],
      ['a b', 400],
      ['café', 400],
      ['a~b', 400],
      ['a%2Fb', 400],
      ['/a', 400],
      ['a/', 400],
      ['a//b', 400],
      ['a/../b', 400],
      ['.', 400],
      ['..a', 200],
      ['a\u0000b', 400],
      ['version', 200],
      ['a/version', 200],
      ['a/version/3', 200],
    ])('%j is %i in a creation (L15)', async (path, status) => {
      const reply = await rest().create(path)
      expect(reply.status).toBe(status)
      if (status === 400) expectRefusal(reply, 400, 'rule')
    })

    test('is case-sensitive (L15)', async () => {
      const path = rest().fresh()
      await rest().create(path)
      expectRefusal(await rest().get(`secret/${path.toUpperCase()}`), 404, 'noSecret')
    })
  })

  describe('an address', () => {
    // Source: okms-api 2.2, L16.
    test.each([
      ['l16%2Fdb', 'secret', 'l16/db'],
      ['l16/db', 'secret', 'l16/db'],
      ['l16%2fdb', 'secret', 'l16/db'],
      ['l16%2Fdb/version', 'versions', 2],
      ['l16/db/version', 'versions', 2],
      ['l16/db/version/', 'versions', 2],
      ['l16%2Fdb/version/2', 'version', 2],
      ['l16/db/version/1', 'version', 1],
      ['l16%2Fversion', 'secret', 'l16/version'],
      ['l16%2Fversion/version', 'versions', 1],
      ['l16%2Fversion%2F3', 'secret', 'l16/version/3'],
      ['l16%252Fdb', 404, undefined],
      ['l16/version', 404, undefined],
      ['l16/db/version/x', 400, undefined],
      ['l16/db/', 400, undefined],
      ['l16//db', 404, undefined],
      ['l16/%2E%2E/db', 400, undefined],
      ['l16/../db', 400, undefined],
      ['l16%zz', 400, undefined],
      ['l16%ff', 400, undefined],
      ['l16%00', 400, undefined],
    ])('secret/%s means %s %s (L16)', async (raw, kind, expected) => {
      await rest().createVersions('l16/db', 2)
      for (const path of ['l16/version', 'l16/version/3']) await rest().create(path)
      const { status, body } = await rest().get(`secret/${raw}`)
      for (const path of ['l16/db', 'l16/version', 'l16/version/3']) {
        await rest().send('DELETE', `secret/${encodeURIComponent(path)}`)
      }
      const shown = { secret: body.path, versions: body.length, version: body.id }
      expect(typeof kind === 'number' ? status : shown[kind as 'secret']).toBe(
        typeof kind === 'number' ? kind : expected,
      )
    })

    test('that is not of a secret is no route, another method 405 (L8)', async () => {
      expectRefusal(await rest().get('secrets'), 404, 'noRoute')
      expectRefusal(await rest().get('secretConfig/x'), 404, 'noRoute')
      for (const [method, target, allow] of [
        ['DELETE', 'secretConfig', 'GET, PUT'],
        ['LIST', 'secret', 'GET, POST'],
        ['OPTIONS', 'secret/x', 'DELETE, GET, PUT'],
        ['PATCH', 'secret/x/version', 'GET, POST, PUT'],
        ['DELETE', 'secret/x/version/1', 'GET, PUT'],
      ] as const) {
        const reply = await rest().send(method, target)
        expectRefusal(reply, 405, 'form')
        expect(reply.headers.get('allow')).toBe(allow)
      }
    })

    test('answers HEAD like GET, without a body (L8)', async () => {
      const path = rest().fresh()
      await rest().create(path)
      expect(await rest().send('HEAD', `secret/${path}`)).toMatchObject({ status: 200, text: '' })
    })
  })

  describe('a query', () => {
    // Source: okms-api L18.
    test.each([
      ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((word) => [word, true] as const),
      ...['0', 'f', 'F', 'FALSE', 'false', 'False', ''].map((word) => [word, false] as const),
      ...['yes', 'tRUE', '2'].map((word) => [word, 400] as const),
    ])('includeData=%s is %s (L18)', async (word, expected) => {
      const path = rest().fresh()
      await rest().create(path)
      for (const target of [`secret/${path}`, `secret/${path}/version/1`]) {
        const reply = await rest().get(`${target}?includeData=${word}`)
        if (expected === 400) expectRefusal(reply, 400, 'form')
        else expect('data' in (reply.body.version ?? reply.body)).toBe(expected)
      }
    })

    test.each(['', 'x', '-1', '24001', '1&cas=1', '0x1', '01x'])(
      'cas=%s is a bad request, not a mismatch',
      async (cas) => {
        const path = rest().fresh()
        await rest().create(path)
        const write = { body: { version: { data: {} }, data: {} } }
        for (const [method, target] of [
          ['PUT', `secret/${path}`],
          ['POST', `secret/${path}/version`],
        ] as const) {
          expectRefusal(await rest().send(method, `${target}?cas=${cas}`, write), 400, 'form')
        }
      },
    )

    test('that cannot be decoded is refused in its turn, in the words of the prefix (L1)', async () => {
      expectRefusal(await rest().get('secret?a=%'), 400, 'form')
      expectRefusal(await rest().get('nothing?a=%'), 404, 'noRoute')
    })

    test('ignores what it does not know when it reads', async () => {
      expect((await rest().get('secret?list=true&limit=3&includeDta=1')).status).toBe(200)
    })
  })

  describe('custom metadata', () => {
    // Source: okms-api L20.
    test.each([
      [{ owner: 'team-a' }, 200],
      [{ 'a_b.c:d/e=f@g%h-i': 'A_b.c:d/e=f@g%h-i' }, 200],
      [{ ['k'.repeat(128)]: 'v'.repeat(512) }, 200],
      [pairs(64), 200],
      [{}, 200],
      [pairs(65), 400],
      [{ ['k'.repeat(129)]: 'v' }, 400],
      [{ k: 'v'.repeat(513) }, 400],
      [{ owner: 'Jean Dupont' }, 400],
      [{ owner: '' }, 400],
      [{ owner: null }, 400],
      [{ owner: 5 }, 400],
      [{ 'a b': 'c' }, 400],
      [{ '': 'c' }, 400],
    ])('%j is %i (L20)', async (customMetadata, status) => {
      const path = rest().fresh()
      const created = await rest().create(path, {}, { customMetadata })
      expect(created.status).toBe(status)
      if (status === 400) expectRefusal(created, 400, 'rule')
      else expect(created.body.metadata.customMetadata).toEqual(customMetadata)
    })
  })
})
