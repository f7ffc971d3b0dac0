import { describe, expect, test } from 'vitest'
import { stringifyJson } from '../../src-main/contract/json'
import { expectRefusal, underBothPrefixes } from './okms-rest'

const now = '2026-02-03T10:15:30Z'

underBothPrefixes((rest) => {
  describe('a creation', () => {
    test('answers 200 with the metadata and without a version', async () => {
      const path = rest().fresh()
      const { status, body } = await rest().create(path, { user: 'svc' })
      expect(status).toBe(200)
      expect(body).toEqual({
        path,
        metadata: {
          casRequired: false,
          createdAt: now,
          currentVersion: 1,
          customMetadata: {},
          deactivateVersionAfter: '0s',
          maxVersions: 0,
          oldestVersion: 0,
          updatedAt: now,
          urn: `urn:v1:local:resource:okms:${rest().api.vault.id}/secret/${path}`,
        },
      })
    })

    test('takes settings along', async () => {
      const settings = {
        casRequired: true,
        maxVersions: 5,
        deactivateVersionAfter: '30d',
        customMetadata: { owner: 'team-a' },
      }
      const { body } = await rest().create(rest().fresh(), {}, settings)
      expect(body.metadata).toMatchObject(settings)
    })

    test('on a path that exists is refused, also when its versions are all deleted (L6)', async () => {
      const path = rest().fresh()
      await rest().create(path)
      await rest().setState(path, 1, 'deleted')
      const [message] = expectRefusal(await rest().create(path), 400, 'exists')
      expect(message).toMatch(/exists/)
    })

    test('needs no cas where the domain requires it, and ignores one', async () => {
      await rest().put('secretConfig', { casRequired: true })
      const body = { path: rest().fresh(), version: { data: {} } }
      const { status } = await rest().send('POST', 'secret?cas=7', { body })
      await rest().put('secretConfig', { casRequired: false })
      expect(status).toBe(200)
    })
  })

  describe('reading', () => {
    test('has data only when it is asked for (L19)', async () => {
      const path = rest().fresh()
      await rest().create(path, { user: 'svc' })
      const plain = await rest().get(`secret/${path}`)
      expect(plain.body.version).toEqual({ id: 1, state: rest().word('active'), createdAt: now })
      const { body } = await rest().get(`secret/${path}?includeData=true`)
      expect(body.version.data).toEqual({ user: 'svc' })
      expect(body.path).toBe(path)
    })

    test('of an older version tells the number of the latest in the metadata', async () => {
      const path = rest().fresh()
      await rest().createVersions(path, 3)
      const { body } = await rest().get(`secret/${path}?version=2&includeData=t`)
      expect(body.version).toMatchObject({ id: 2, data: { n: 2 } })
      expect(body.metadata.currentVersion).toBe(3)
    })

    test.each(['deactivated', 'deleted'])(
      'of a %s latest version is a 200 with its state and no data',
      async (state) => {
        const path = rest().fresh()
        await rest().createVersions(path, 2)
        await rest().setState(path, 2, state)
        const { status, body } = await rest().get(`secret/${path}?includeData=true`)
        expect(status).toBe(200)
        expect(body.version).toMatchObject({ id: 2, state: rest().word(state) })
        expect(body.version).not.toHaveProperty('data')
      },
    )

    test('keeps numbers and keys exactly as they were written', async () => {
      const path = rest().fresh()
      const data = '{"n":1.10,"big":9007199254740993,"__proto__":{},"10":1,"2":1.0,"e":1e2}'
      const text = `{"path":"${path}","version":{"data":${data}}}`
      expect((await rest().send('POST', 'secret', { text })).status).toBe(200)
      const { exact } = await rest().get(`secret/${path}?includeData=true`)
      const version = exact.get('version') as ReadonlyMap<string, never>
      expect(stringifyJson(version.get('data') ?? null)).toBe(data)
    })

    test('of a secret without versions has no version (L27)', async () => {
      const path = rest().fresh()
      await rest().api.send('POST', `/v1/secret/metadata/${path}`, { body: { max_versions: 3 } })
      const { status, body } = await rest().get(`secret/${path}?includeData=true`)
      expect(status).toBe(200)
      expect(body).not.toHaveProperty('version')
      expect(body.metadata).toMatchObject({ currentVersion: 0, oldestVersion: 0, maxVersions: 3 })
      expectRefusal(await rest().get(`secret/${path}?version=1`), 404, 'noVersion')
      const { body: added } = await rest().put(`secret/${path}?cas=0`, { version: { data: {} } })
      expect(added.metadata.currentVersion).toBe(1)
    })
  })

  describe('an update', () => {
    test('of settings changes what is named and adds no version', async () => {
      const path = rest().fresh()
      await rest().create(path, {}, { maxVersions: 5, customMetadata: { a: '1', b: '2' } })
      rest().api.advance(5_000)
      const change = { metadata: { casRequired: true, customMetadata: { c: '3' } } }
      const { status, body } = await rest().put(`secret/${path}?cas=1`, change)
      rest().api.advance(-5_000)
      expect(status).toBe(200)
      expect(body.metadata).toMatchObject({
        casRequired: true,
        maxVersions: 5,
        customMetadata: { c: '3' },
        currentVersion: 1,
        updatedAt: now,
      })
    })

    test('leaves what is null, and empties custom metadata with an empty map (L20, L21)', async () => {
      const path = rest().fresh()
      await rest().create(path, {}, { maxVersions: 5, customMetadata: { a: '1' } })
      const nothing = { casRequired: null, maxVersions: null, deactivateVersionAfter: null }
      const kept = await rest().put(`secret/${path}`, {
        metadata: { ...nothing, customMetadata: null },
        version: null,
      })
      expect(kept.body.metadata).toMatchObject({ maxVersions: 5, customMetadata: { a: '1' } })
      const { body } = await rest().put(`secret/${path}`, { metadata: { customMetadata: {} } })
      expect(body.metadata.customMetadata).toEqual({})
    })

    test('with data adds a version, also when the data is the same', async () => {
      const path = rest().fresh()
      await rest().create(path, { a: 1 })
      const { body } = await rest().put(`secret/${path}`, { version: { data: { a: 1 } } })
      expect(body.metadata.currentVersion).toBe(2)
      expect(body).not.toHaveProperty('version')
    })

    test.each([[{}], [{ metadata: {} }], [{ metadata: null, version: null }], [{ meta: {} }]])(
      'of nothing, %j, is refused (L21)',
      async (body) => {
        const path = rest().fresh()
        await rest().create(path)
        expectRefusal(await rest().put(`secret/${path}`, body), 400, 'rule')
      },
    )

    test('needs cas where it is required, for settings alone too (§6)', async () => {
      const path = rest().fresh()
      await rest().create(path, {}, { casRequired: true })
      const settings = { metadata: { maxVersions: 4 } }
      const [missing] = expectRefusal(await rest().put(`secret/${path}`, settings), 400, 'cas')
      expect(missing).toMatch(/check-and-set.*cas/)
      const wrong = expectRefusal(await rest().put(`secret/${path}?cas=2`, settings), 400, 'cas')
      expect(wrong[0]).toBe('check-and-set failed: cas is 2, current version is 1')
      expect((await rest().put(`secret/${path}?cas=1`, settings)).status).toBe(200)
    })

    test('applies its settings to itself: it may end the need for cas, or begin it (§5.2)', async () => {
      const path = rest().fresh()
      await rest().create(path)
      const begin = { metadata: { casRequired: true } }
      expectRefusal(await rest().put(`secret/${path}`, begin), 400, 'cas')
      expect((await rest().put(`secret/${path}?cas=1`, begin)).status).toBe(200)
      const end = { metadata: { casRequired: false }, version: { data: {} } }
      const { status, body } = await rest().put(`secret/${path}`, end)
      expect(status).toBe(200)
      expect(body.metadata).toMatchObject({ casRequired: false, currentVersion: 2 })
    })
  })

  test('a removal is a 204, and another one a 404', async () => {
    const path = rest().fresh()
    await rest().create(path)
    expect(await rest().send('DELETE', `secret/${path}`)).toMatchObject({ status: 204, text: '' })
    expectRefusal(await rest().send('DELETE', `secret/${path}`), 404, 'noSecret')
    expectRefusal(await rest().get(`secret/${path}`), 404, 'noSecret')
  })

  test.each([
    ['GET', '', undefined],
    ['PUT', '', { version: { data: {} } }],
    ['PUT', '', { metadata: { maxVersions: 1 } }],
    ['DELETE', '', undefined],
    ['GET', '/version', undefined],
    ['POST', '/version', { data: {} }],
    ['GET', '/version/1', undefined],
    ['PUT', '/version/1', { state: 'active' }],
  ])('%s %s of a secret that is not there is a 404 (L4, L26)', async (method, rest_, body) => {
    const sending = body === undefined ? {} : { body: JSON.parse(JSON.stringify(body)) }
    const reply = await rest().send(method, `secret/nothing${rest_}`, sending)
    expectRefusal(reply, 404, 'noSecret')
  })

  describe('settings of the domain', () => {
    test('change one by one, and keep a duration as it was written (L29)', async () => {
      const first = await rest().put('secretConfig', { maxVersions: 20 })
      expect(first.body).toEqual({
        casRequired: false,
        deactivateVersionAfter: '0s',
        maxVersions: 20,
      })
      await rest().put('secretConfig', { deactivateVersionAfter: '90d', casRequired: null })
      const { body } = await rest().get('secretConfig')
      await rest().put('secretConfig', { maxVersions: 0, deactivateVersionAfter: '0s' })
      expect(body).toEqual({ casRequired: false, deactivateVersionAfter: '90d', maxVersions: 20 })
    })

    test.each([
      [{}, 'rule'],
      [{ max: 1 }, 'rule'],
      [{ maxVersions: 24_001 }, 'rule'],
      [{ maxVersions: 1.5 }, 'form'],
      [{ maxVersions: '5' }, 'form'],
      [{ casRequired: 'true' }, 'form'],
      [{ deactivateVersionAfter: '-1s' }, 'rule'],
      [[], 'form'],
      [null, 'form'],
    ] as const)('%j is refused (L3, L21)', async (body, code) => {
      expectRefusal(await rest().put('secretConfig', body), 400, code)
    })
  })
})
