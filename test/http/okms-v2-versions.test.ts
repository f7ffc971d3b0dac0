import { describe, expect, test } from 'vitest'
import { expectRefusal, underBothPrefixes } from './okms-rest'

const now = '2026-02-03T10:15:30Z'
const minute = 60_000

underBothPrefixes((rest) => {
  describe('a new version', () => {
    test('is answered without its data', async () => {
      const path = rest().fresh()
      await rest().create(path)
      const { status, body } = await rest().send('POST', `secret/${path}/version?cas=1`, {
        body: { data: { user: 'svc' } },
      })
      expect(status).toBe(200)
      expect(body).toEqual({ id: 2, state: rest().word('active'), createdAt: now })
    })

    test('needs the right cas where one is required (L5)', async () => {
      const path = rest().fresh()
      await rest().create(path, {}, { casRequired: true })
      const write = (query: string) =>
        rest().send('POST', `secret/${path}/version${query}`, { body: { data: {} } })
      const [missing] = expectRefusal(await write(''), 400, 'cas')
      expect(missing).toBe('check-and-set failed: cas is required, current version is 1')
      const [wrong] = expectRefusal(await write('?cas=0'), 400, 'cas')
      expect(wrong).toMatch(/check-and-set.*cas is 0, current version is 1/)
      expect((await write('?cas=1')).status).toBe(200)
    })

    test('counts on from the latest, whatever its state', async () => {
      const path = rest().fresh()
      await rest().createVersions(path, 2)
      await rest().setState(path, 2, 'deleted')
      const write = { body: { data: {} } }
      const { body } = await rest().send('POST', `secret/${path}/version?cas=2`, write)
      expect(body.id).toBe(3)
    })

    test('pushes out the oldest: oldestVersion is 0, then 1, then 2 (L23)', async () => {
      const path = rest().fresh()
      const seen = [(await rest().create(path, {}, { maxVersions: 3 })).body.metadata.oldestVersion]
      for (let n = 2; n <= 4; n += 1) {
        const { body } = await rest().put(`secret/${path}`, { version: { data: { n } } })
        seen.push(body.metadata.oldestVersion)
      }
      expect(seen).toEqual([0, 0, 1, 2])
      const { body } = await rest().get(`secret/${path}/version`)
      expect(body.map(({ id }: { id: number }) => id)).toEqual([4, 3, 2])
      expectRefusal(await rest().get(`secret/${path}/version/1`), 404, 'noVersion')
    })

    test('counts as an update of the secret, settings and states do not (L24)', async () => {
      const path = rest().fresh()
      await rest().create(path)
      rest().api.advance(minute)
      await rest().put(`secret/${path}`, { metadata: { maxVersions: 9 } })
      await rest().setState(path, 1, 'deactivated')
      const before = await rest().get(`secret/${path}`)
      await rest().send('POST', `secret/${path}/version`, { body: { data: {} } })
      const after = await rest().get(`secret/${path}`)
      rest().api.advance(-minute)
      expect(before.body.metadata.updatedAt).toBe(now)
      expect(after.body.metadata.updatedAt).toBe('2026-02-03T10:16:30Z')
    })
  })

  describe('reading a version', () => {
    test('gives its data when asked', async () => {
      const path = rest().fresh()
      await rest().createVersions(path, 2)
      const plain = await rest().get(`secret/${path}/version/1`)
      expect(plain.body).toEqual({ id: 1, state: rest().word('active'), createdAt: now })
      const { body } = await rest().get(`secret/${path}/version/1?includeData=1`)
      expect(body.data).toEqual({ n: 1 })
    })

    test('that is not there is a 404 of its own number (L4)', async () => {
      const path = rest().fresh()
      await rest().create(path)
      expectRefusal(await rest().get(`secret/${path}/version/2`), 404, 'noVersion')
      expectRefusal(await rest().get(`secret/${path}?version=2`), 404, 'noVersion')
      expectRefusal(await rest().setState(path, 2, 'active'), 404, 'noVersion')
    })

    test.each(['0', '24001', 'x', '1.0', '-1', '+1', '0x1', '%20', '1e2'])(
      'numbered %s is a bad request (L17)',
      async (number) => {
        const path = rest().fresh()
        await rest().create(path)
        const query = encodeURIComponent(decodeURIComponent(number))
        expectRefusal(await rest().get(`secret/${path}/version/${number}`), 400, 'rule')
        expectRefusal(await rest().get(`secret/${path}?version=${query}`), 400, 'form')
      },
    )
  })

  describe('states', () => {
    // Source: okms-api L25.
    test.each([
      ['active', 'active', 200],
      ['active', 'deactivated', 200],
      ['active', 'deleted', 200],
      ['deactivated', 'active', 200],
      ['deactivated', 'deactivated', 200],
      ['deactivated', 'deleted', 200],
      ['deleted', 'active', 400],
      ['deleted', 'deactivated', 400],
      ['deleted', 'deleted', 200],
    ])('from %s to %s is %i (L25)', async (from, to, status) => {
      const path = rest().fresh()
      await rest().createVersions(path, 2)
      await rest().setState(path, 1, from)
      const reply = await rest().setState(path, 1, to)
      expect(reply.status).toBe(status)
      const { body } = await rest().get(`secret/${path}/version/1?includeData=true`)
      expect(body.state).toBe(rest().word(status === 200 ? to : from))
      expect('data' in body).toBe(status === 200 && to === 'active')
      if (status === 200) expect(reply.body.state).toBe(rest().word(to))
      else expectRefusal(reply, 400, 'rule')
    })

    test('deactivating tells since when, once; activating takes that away', async () => {
      const path = rest().fresh()
      await rest().create(path)
      const first = await rest().setState(path, 1, 'deactivated')
      expect(first.body.deactivatedAt).toBe(now)
      rest().api.advance(minute)
      const second = await rest().setState(path, 1, 'deactivated')
      const active = await rest().setState(path, 1, 'active')
      rest().api.advance(-minute)
      expect(second.body.deactivatedAt).toBe(now)
      expect(active.body).toEqual({ id: 1, state: rest().word('active'), createdAt: now })
    })

    test('a deleted version keeps the time of its deactivation, or has none', async () => {
      const path = rest().fresh()
      await rest().createVersions(path, 2)
      await rest().setState(path, 1, 'deactivated')
      expect((await rest().setState(path, 1, 'deleted')).body.deactivatedAt).toBe(now)
      expect((await rest().setState(path, 2, 'deleted')).body).not.toHaveProperty('deactivatedAt')
    })

    test('a life is planned when a version is made and when it is made active (L22, L25)', async () => {
      const path = rest().fresh()
      await rest().create(path, {}, { deactivateVersionAfter: '1h' })
      const planned = await rest().get(`secret/${path}`)
      expect(planned.body.version).toMatchObject({
        state: rest().word('active'),
        deactivatedAt: '2026-02-03T11:15:30Z',
      })
      rest().api.advance(61 * minute)
      const over = await rest().get(`secret/${path}?includeData=true`)
      const again = await rest().setState(path, 1, 'active')
      rest().api.advance(minute)
      const anew = await rest().setState(path, 1, 'active')
      rest().api.advance(-62 * minute)
      expect(over.body.version.state).toBe(rest().word('deactivated'))
      expect(over.body.version).not.toHaveProperty('data')
      expect(again.body.deactivatedAt).toBe('2026-02-03T12:16:30Z')
      expect(anew.body.deactivatedAt).toBe('2026-02-03T12:17:30Z')
    })

    test.each([
      ['{"state":"enabled"}', 'form'],
      ['{"state":"Active "}', 'form'],
      ['{"state":1}', 'form'],
      ['{"state":null}', 'form'],
      ['{}', 'form'],
      ['', 'form'],
      ['"active"', 'form'],
    ] as const)('%s is no state', async (text, code) => {
      const path = rest().fresh()
      await rest().create(path)
      const reply = await rest().send('PUT', `secret/${path}/version/1`, { text })
      expectRefusal(reply, 400, code)
    })

    test('in capitals belong to the prefix of the central API, which takes both', async () => {
      const path = rest().fresh()
      await rest().create(path)
      const isCentral = rest().prefix === 'central'
      const capital = await rest().put(`secret/${path}/version/1`, { state: 'DEACTIVATED' })
      expect(capital.status).toBe(isCentral ? 200 : 400)
      const small = await rest().put(`secret/${path}/version/1`, { state: 'deactivated' })
      expect(small.body.state).toBe(isCentral ? 'DEACTIVATED' : 'deactivated')
    })
  })
})
