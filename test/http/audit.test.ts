import { readFileSync, renameSync } from 'node:fs'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { CoffretError } from '../../src-main/contract/errors'
import type { Access } from '../../src-main/http/access'
import { allOperations } from '../../src-main/http/all-operations'
import { createApi } from '../../src-main/http/api'
import { systemRandom } from '../../src-main/env'
import type { Operation } from '../../src-main/wire/operation'
import { vaultToServe } from '../../src-main/stores/served-vault'
import { ApiUnderTest } from './api-under-test'

let api: ApiUnderTest
afterEach(() => api.close())

/** Whoever has the token `t`, who may not destroy; and `root`. */
const access: Access = {
  identify: async ({ request }) => {
    const token = request.headers.get('x-vault-token')
    if (token !== 't' && token !== 'root') return undefined
    return {
      ...{ id: `id-${token}`, kind: 'token', name: `name ${token}` },
      createdSeconds: 0,
      mayDo: ({ right }) => token === 'root' || right !== 'destroy',
    }
  },
}
const headers = { 'x-vault-token': 't' }
const root = { 'x-vault-token': 'root' }

/** `what mount/path result` of each line, the oldest first. */
function lines(): string[] {
  return [...api.vault.audit.page({ limit: 1000 }).lines]
    .reverse()
    .map(({ what, mount, path, result }) => `${what} ${mount}:${path} ${result}`)
}

describe('C-16: each call leaves its line', () => {
  test('writes with their transaction, reads and failures with their status', async () => {
    api = await ApiUnderTest.create(access)
    const target = '/v1/secret/data/team/a%20b'
    const call = (method: string, at: string, more = {}) =>
      api.send(method, at, { headers, ...more })
    await call('POST', target, { body: { data: { x: 1 } } })
    await call('GET', target)
    await call('GET', '/v1/secret/data/none')
    await call('LIST', '/v1/secret/metadata/team')
    await call('POST', target, { body: { data: { x: 2 }, options: { cas: 7 } } })
    await call('POST', target, { text: '{' })
    await call('PUT', '/v1/secret/destroy/team/a%20b', { body: { versions: [1] } })
    await call('GET', '/v1/nothing/here')
    await call('POST', '/v1/sys/mounts/more', { body: { type: 'kv' } })
    expect(lines()).toEqual([
      'POST kv2.data.write secret:team/a b ok',
      'GET kv2.data.read secret:team/a b 200',
      'GET kv2.data.read secret:none 404',
      'LIST kv2.metadata.list secret:team/ 200',
      'POST kv2.data.write secret:team/a b 400',
      'POST :v1/secret/data/team/a b 400',
      'PUT kv2.versions.destroy secret:team/a b 403',
      'GET :v1/nothing/here 404',
      'POST sys.mounts.enable :v1/sys/mounts/more ok',
    ])
    expect(api.vault.audit.check()).toEqual({ lines: 9, first: 1 })
  })

  test('in the OKMS dialects too', async () => {
    api = await ApiUnderTest.create(access)
    const at = `${api.okms}/v2/secret`
    const body = { path: 'app/a', version: { data: { x: 1 } } }
    await api.send('POST', at, { headers, body })
    await api.send('GET', `${at}/app%2Fa?includeData=true`, { headers })
    await api.send('DELETE', `${at}/app%2Fa`, { headers })
    await api.send('GET', at)
    const found = lines()
    expect(found.pop()).toBe(`GET :${at.slice(1)} 401`)
    expect(found.map((line) => line.replace(/^(\S+) \S+ /, '$1 '))).toEqual([
      'POST secret:app/a ok',
      'GET secret:app/a 200',
      'DELETE secret:app/a 403',
    ])
  })

  test('with who it was and where from', async () => {
    api = await ApiUnderTest.create(access)
    const request = (token: string) =>
      new Request('http://x/', { headers: { 'x-vault-token': token } })
    const context = { rawTarget: '/v1/secret/data/x', peerAddress: '127.0.0.1', peerUser: 1000 }
    await api.api.fetch(request('t'), context)
    await api.api.fetch(request('guess'), context)
    const [bad, good] = api.vault.audit.page({ limit: 2 }).lines
    const peer = { address: '127.0.0.1', uid: 1000 }
    const who = { kind: 'credential', type: 'token', id: 'id-t', name: 'name t' }
    expect(good).toMatchObject({ who, peer, result: 404 })
    expect(bad).toMatchObject({ who: { kind: 'nobody' }, peer, path: 'v1/secret/data/x' })
    expect(JSON.stringify(bad)).not.toContain('guess')
  })

  test('not for what is open to all, and never with the query', async () => {
    api = await ApiUnderTest.create(access)
    await api.api.fetch(new Request('http://x/'), { rawTarget: '/openapi.json' })
    await api.send('GET', '/v1/sys/health')
    await api.send('GET', '/v1/sys/seal-status')
    expect(lines()).toEqual([])
    await api.send('GET', '/v1/secret/data/x?token=canary', { headers })
    await api.api.fetch(new Request('http://x/'), { rawTarget: '/elsewhere?token=canary' })
    expect(lines()).toEqual(['GET kv2.data.read secret:x 404', 'GET :elsewhere 404'])
  })

  test('also of what the guard refuses, and of an address that is none', async () => {
    api = await ApiUnderTest.create(access)
    const guarded = createApi({
      vault: vaultToServe(api.vault).vault,
      ...{ access, random: systemRandom, version: '0', clock: { now: () => 0 as never } },
      guard: () => ({ status: 421, headers: {} }),
    })
    await guarded.fetch(new Request('http://x/'), { rawTarget: '/v1/x' })
    await api.api.fetch(new Request('http://x/'), { rawTarget: 'no-address' })
    expect(lines()).toEqual(['GET :v1/x 421', 'GET :no-address 400'])
  })

  test('a path that was made up is cut', async () => {
    api = await ApiUnderTest.create(access)
    await api.api.fetch(new Request('http://x/'), { rawTarget: `/${'x'.repeat(9000)}` })
    expect(api.vault.audit.page({ limit: 1 }).lines[0]?.path).toHaveLength(1100)
  })
})

describe('C-13: no failure tells a value', () => {
  const canary = 'canary-3c1f'

  function targetOf({ id, path }: Operation): string {
    // The mount that the other routes need is not to be removed.
    if (id === 'sys.mounts.disable') return '/v1/sys/mounts/other'
    return path
      .replace('{mount}', 'secret')
      .replace('{okmsId}', api.vault.id)
      .replace(/\{path\}/, 'app/a')
      .replace(/\{version\}/, '1')
      .replace(/\{\w+\}/g, 'x')
  }

  /** Bodies that are refused, each with a value in it. */
  const bodies = [
    `{"data":{"password":"${canary}"`,
    `"${canary}"`,
    `{"data":"${canary}"}`,
    `{"data":{"password":"${canary}"},"options":{"cas":"${canary}"}}`,
    `{"data":{"password":"${canary}"},"options":{"cas":99}}`,
    `{"path":"app/a","version":{"data":{"password":"${canary}"}}}`,
    `{"path":"${canary}//","version":{"data":"${canary}"}}`,
    `{"data":{"password":"${canary}"},"cas":99,"versions":["${canary}"],"custom_metadata":{"a":["${canary}"]}}`,
    `{"metadata":{"customMetadata":{"a":{"b":"${canary}"}},"casRequired":"${canary}"}}`,
  ]

  test('forced on every route: not the body, the log, the file or the terminal', async () => {
    const faults: unknown[] = []
    api = await ApiUnderTest.create(access, (error) => faults.push(error))
    const said: unknown[] = []
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((text) => said.push(text) > 0)
    }
    const first = { path: 'app/a', version: { data: { password: canary } } }
    await api.send('POST', `${api.okms}/v2/secret`, { headers: root, body: first })
    const statuses = new Set<number>()
    const force = async () => {
      for (const operation of allOperations) {
        for (const method of operation.methods) {
          for (const text of ['GET', 'LIST'].includes(method) ? [undefined] : bodies) {
            const response = await api.api.fetch(
              new Request('http://x/', {
                method,
                headers: {
                  ...root,
                  'content-type': operation.bodyTypes?.[0] ?? 'application/json',
                },
                ...(text === undefined ? {} : { body: text }),
              }),
              { rawTarget: targetOf(operation) },
            )
            const body = await response.text()
            if (response.status < 400) continue
            statuses.add(response.status)
            expect(`${operation.id} ${body}`).not.toContain(canary)
          }
        }
      }
    }
    await force()
    for (const prefix of [`${api.okms}/v2/secret`, `${api.central}/secret`]) {
      await api.send('POST', prefix, { headers: root, body: first })
      const { status, text } = await api.send('POST', prefix, { headers: root, body: first })
      statuses.add(status)
      expect(text).not.toContain(canary)
    }
    const { file } = api.vault
    renameSync(file, `${file}.away`)
    await force()
    renameSync(`${file}.away`, file)
    vi.restoreAllMocks()
    // What conflicts is a 400 in every dialect.
    expect([...statuses]).toEqual(expect.arrayContaining([400, 404, 500]))
    expect(faults.length).toBeGreaterThan(0)
    const messages = faults.map((error) => (error instanceof CoffretError ? error.message : error))
    for (const text of [...messages.map(String), ...said.map(String)]) {
      expect(text).not.toContain(canary)
    }
    let before: number | undefined
    do {
      const page = api.vault.audit.page({ limit: 1000, before })
      for (const { path, ...line } of page.lines) {
        expect(JSON.stringify({ line, path })).not.toContain(canary)
      }
      before = page.next
    } while (before !== undefined)
    expect(readFileSync(file).includes(canary)).toBe(false)
    expect(api.vault.audit.check().brokenAt).toBeUndefined()
  })
})
