import { describe, expect, test } from 'vitest'
import { underBothPrefixes, expectRefusal } from './okms-rest'

underBothPrefixes((rest) => {
  const vault = (method: string, target: string, body?: unknown) =>
    rest().api.send(method, `/v1/secret/${target}`, body === undefined ? {} : { body })

  describe('a duration', () => {
    // Source: okms-api L29.
    test.each([
      ['1d', '1d', '24h0m0s'],
      ['7d1h30m10s', '7d1h30m10s', '169h30m10s'],
      ['10h30m10s', '10h30m10s', '10h30m10s'],
      ['90m', '90m', '1h30m0s'],
      ['1.5h', '1.5h', '1h30m0s'],
      ['500ms', '500ms', '0s'],
      ['36500d', '36500d', '876000h0m0s'],
      ['3600', '3600', '1h0m0s'],
      [3600, '3600', '1h0m0s'],
      ['', '0s', '0s'],
    ])('%j is answered as %s, and as %s by the Vault dialect (L29)', async (sent, echo, go) => {
      const path = rest().fresh()
      const { status, body } = await rest().create(path, {}, { deactivateVersionAfter: sent })
      expect(status).toBe(200)
      expect(body.metadata.deactivateVersionAfter).toBe(echo)
      const other = await vault('GET', `metadata/${path}`)
      expect(other.body.data.delete_version_after).toBe(go)
    })

    test.each(['-1s', 'soon', '1w', '1 h', 'h', '36526d', '1d-1h'])(
      '%j is refused (L29)',
      async (sent) => {
        const reply = await rest().create(rest().fresh(), {}, { deactivateVersionAfter: sent })
        expectRefusal(reply, 400, 'rule')
      },
    )

    test.each([true, {}, ['1d']])('%j is no text (L29)', async (sent) => {
      const reply = await rest().create(rest().fresh(), {}, { deactivateVersionAfter: sent })
      expectRefusal(reply, 400, 'form')
    })

    test('set through the Vault dialect has the form of Go (L29)', async () => {
      const path = rest().fresh()
      await vault('POST', `metadata/${path}`, { delete_version_after: '1d' })
      const { body } = await rest().get(`secret/${path}`)
      expect(body.metadata.deactivateVersionAfter).toBe('24h0m0s')
    })
  })

  test('times are whole seconds, rounded down (L30)', async () => {
    const path = rest().fresh()
    rest().api.advance(879)
    await rest().create(path)
    rest().api.advance(-879)
    const { body } = await rest().get(`secret/${path}`)
    expect(body.version.createdAt).toBe('2026-02-03T10:15:30Z')
    expect(body.metadata.updatedAt).toBe('2026-02-03T10:15:30Z')
  })

  test('the urn names the domain and the path (L34)', async () => {
    const path = `${rest().fresh()}/db`
    const { body } = await rest().create(path)
    expect(body.metadata.urn).toBe(
      `urn:v1:local:resource:okms:${rest().api.vault.id}/secret/${path}`,
    )
  })

  describe('warnings', () => {
    test('tell what the domain overrules, and are absent otherwise (L31)', async () => {
      const path = rest().fresh()
      expect((await rest().create(path)).body).not.toHaveProperty('warnings')
      await rest().put('secretConfig', { casRequired: true, deactivateVersionAfter: '1h' })
      const overruled = { casRequired: false, deactivateVersionAfter: '2h' }
      const updated = await rest().put(`secret/${path}?cas=1`, { metadata: overruled })
      const created = await rest().create(rest().fresh(), {}, overruled)
      await rest().put('secretConfig', { casRequired: false, deactivateVersionAfter: '0s' })
      expect(updated.body.warnings).toHaveLength(2)
      expect(created.body.warnings).toEqual(updated.body.warnings)
      expect(updated.body.metadata).toMatchObject(overruled)
    })

    test('name what means nothing, in bodies and in the queries of writes (L31, L32)', async () => {
      const path = rest().fresh()
      await rest().create(path)
      const body = {
        metadata: { maxVersion: 3, casRequired: false },
        version: { data: { any: 1 }, dta: {} },
        zoo: 1,
      }
      const updated = await rest().put(`secret/${path}?Cas=7`, body)
      expect(updated.body.warnings).toEqual([
        'unknown fields were ignored: Cas, metadata.maxVersion, version.dta, zoo',
      ])
      const more = { data: {}, cas: 1 }
      const added = await rest().send('POST', `secret/${path}/version`, { body: more })
      expect(added.body.warnings).toEqual(['unknown fields were ignored: cas'])
      const state = { state: rest().word('active'), reason: 'x' }
      const set = await rest().put(`secret/${path}/version/1`, state)
      expect(set.body.warnings).toEqual(['unknown fields were ignored: reason'])
      const config = await rest().put('secretConfig', { maxVersions: 0, max: 1 })
      expect(config.body.warnings).toEqual(['unknown fields were ignored: max'])
    })
  })

  describe('the spellings of v1', () => {
    const snake = { cas_required: true, max_versions: 4, deactivate_version_after: '1d' }
    const camel = { casRequired: true, maxVersions: 4, deactivateVersionAfter: '1d' }

    test('are read and not answered (L32)', async () => {
      const path = rest().fresh()
      const { body } = await rest().create(path, {}, { ...snake, custom_metadata: { a: '1' } })
      expect(body).not.toHaveProperty('warnings')
      expect(body.metadata).toMatchObject({ ...camel, customMetadata: { a: '1' } })
      expect(body.metadata).not.toHaveProperty('cas_required')
      const changed = await rest().put(`secret/${path}?cas=1`, { metadata: { max_versions: 9 } })
      expect(changed.body.metadata.maxVersions).toBe(9)
      const config = await rest().put('secretConfig', snake)
      await rest().put('secretConfig', {
        cas_required: false,
        max_versions: 0,
        deactivate_version_after: '',
      })
      expect(config.body).toEqual(camel)
    })

    test.each(Object.keys(snake))('%s beside its other spelling is refused (L32)', async (name) => {
      const both = { ...camel, [name]: snake[name as keyof typeof snake] }
      expectRefusal(await rest().create(rest().fresh(), {}, both), 400, 'rule')
      expectRefusal(await rest().put('secretConfig', both), 400, 'rule')
    })

    test('of the Vault dialect for the life of a version mean nothing (L32)', async () => {
      const { body } = await rest().create(rest().fresh(), {}, { delete_version_after: '1d' })
      expect(body.warnings).toEqual(['unknown fields were ignored: metadata.delete_version_after'])
    })
  })

  describe('what another dialect wrote', () => {
    test('is listed, read, changed and removed as it is (L44)', async () => {
      const path = `café noir ${rest().fresh()}`
      const raw = `secret/${encodeURIComponent(path)}`
      const big = { a: 'é '.repeat(60_000) }
      await vault('POST', `data/${encodeURIComponent(path)}`, { data: big })
      const words = { owner: 'Jean Dupont, Zoë' }
      await vault('POST', `metadata/${encodeURIComponent(path)}`, { custom_metadata: words })
      // Words with blanks are answered as they are, outside the description's alphabet.
      const deviation = /customMetadata\/owner must match pattern/
      const send = (method: string, target: string, body?: unknown) =>
        rest().send(method, target, { deviation, ...(body === undefined ? {} : { body }) })
      const list = await send('GET', 'secret')
      expect(list.body.map((row: { path: string }) => row.path)).toContain(path)
      const { status, body } = await send('GET', `${raw}?includeData=true`)
      expect(status).toBe(200)
      expect(body).toMatchObject({ path, version: { data: big } })
      expect(body.metadata.customMetadata).toEqual(words)
      const urn = body.metadata.urn as string
      expect(urn.endsWith(`/secret/${path}`)).toBe(true)
      expect((await send('PUT', raw, { metadata: { maxVersions: 3 } })).status).toBe(200)
      expect((await send('PUT', raw, { version: { data: {} } })).status).toBe(200)
      expectRefusal(await send('PUT', raw, { version: { data: big } }), 400, 'rule')
      const words2 = { metadata: { customMetadata: words } }
      expectRefusal(await send('PUT', raw, words2), 400, 'rule')
      const state = { state: rest().word('deleted') }
      expect((await send('PUT', `${raw}/version/1`, state)).status).toBe(200)
      expect((await send('DELETE', raw)).status).toBe(204)
    })

    test('is one secret, with one count of versions (§1)', async () => {
      const path = rest().fresh()
      await rest().create(path, { n: 1 })
      await vault('POST', `data/${path}`, { data: { n: 2 }, options: { cas: 1 } })
      const v1 = `${rest().api.okms}/v1/secret/data/${path}`
      await rest().api.send('POST', v1, { body: { data: { n: 3 } } })
      await rest().api.send('DELETE', v1)
      const { body } = await rest().get(`secret/${path}?includeData=true`)
      expect(body.version).toMatchObject({ id: 3, state: rest().word('deactivated') })
      expect((await rest().get(`secret/${path}/version/2?includeData=true`)).body.data).toEqual({
        n: 2,
      })
      await rest().setState(path, 3, 'active')
      expect((await vault('GET', `data/${path}`)).body.data.data).toEqual({ n: 3 })
    })
  })
})
