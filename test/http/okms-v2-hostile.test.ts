import fc from 'fast-check'
import { expect, test } from 'vitest'
import { underBothPrefixes } from './okms-rest'

const names = [
  ...['path', 'version', 'metadata', 'data', 'state', 'casRequired', 'cas_required', 'maxVersions'],
  ...[
    'deactivateVersionAfter',
    'customMetadata',
    'custom_metadata',
    '__proto__',
    'constructor',
    '',
  ],
]
const words = ['', 'a', 'app/db', '..', '1d', '-1s', 'active', 'DELETED', '\u0000', '\ud800', 'é']
const key = fc.constantFrom(...names)
const { node: json } = fc.letrec<{ node: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 24_001, 1e300, [], {}),
    fc.constantFrom(...words),
  ),
  node: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    tie('leaf'),
    fc.array(tie('node'), { maxLength: 3 }),
    fc
      .array(fc.tuple(key, tie('node')), { maxLength: 5 })
      .map((pairs) => Object.fromEntries(pairs)),
  ),
}))
const part = fc.constantFrom(
  ...['secret', 'secretConfig', 'a', 'b', 'version', '1', '2', '0', '%2F', '%2e%2e', '..', '', '%'],
  ...['%00', '%c3%a9', 'x'.repeat(300), '%ff', '{path}', 'version%2F1'],
)
const target = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'))
const query = fc.constantFrom(
  ...[
    '',
    '?cas=1',
    '?cas=x',
    '?includeData=1',
    '?version=1',
    '?version',
    '?cas=1&cas=2',
    '?%',
    '?__proto__=1',
  ],
)
const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'LIST', 'HEAD')

underBothPrefixes((rest) => {
  test('whatever comes, no request is a fault of ours, and every reply has its form', async () => {
    await rest().createVersions('a', 2)
    await fc.assert(
      fc.asyncProperty(method, target, query, json, async (verb, path, suffix, body) => {
        const hasBody = verb !== 'GET' && verb !== 'HEAD' && body !== undefined
        const { status } = await rest().send(verb, path + suffix, hasBody ? { body } : {})
        expect(status).toBeLessThan(500)
      }),
      { numRuns: 600 },
    )
  })

  test('a body of known fields and odd values is taken or refused, never half', async () => {
    await fc.assert(
      fc.asyncProperty(json, json, json, async (metadata, data, more) => {
        const path = rest().fresh()
        const body = { path, metadata, version: { data }, more }
        const { status } = await rest().send('POST', 'secret', { body })
        expect([200, 400]).toContain(status)
        expect((await rest().get(`secret/${path}`)).status).toBe(status === 200 ? 200 : 404)
      }),
      { numRuns: 200 },
    )
  })
})
