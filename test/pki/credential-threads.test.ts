import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { beforeAll, describe, expect, test } from 'vitest'
import { credentialThreads } from '../../src-main/pki/credential-threads'
import { file, folder, makeAuthority, makeCertificate, openssl } from './openssl'
import * as part from './pkcs12-parts'

const program = fileURLToPath(
  new URL(
    '../../node_modules/.cache/coffret/credential-test/credential-worker.js',
    import.meta.url,
  ),
)

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: 'src-main/credential-worker.ts',
      outDir: join(program, '..'),
      emptyOutDir: false,
    },
    ssr: { noExternal: true },
  })
})

const root = makeAuthority('root')
const pair = makeCertificate({ issuer: root })
const files = [file(pair.certificate), file(pair.key), file(root.certificate)]
const threads = credentialThreads(program)
const request = { keyPassword: undefined, friendlyName: 'app', profile: 'modern' } as const

/** A thread that does something else than what is asked. */
function thread(name: string, source: string) {
  const path = join(folder, name)
  writeFileSync(path, source)
  return credentialThreads(path)
}

test('files are looked into, made into PKCS#12 and taken apart in another thread', async () => {
  const report = await threads.inspect({ files, password: undefined })
  expect(report).toMatchObject({ problems: [], certificates: [{ subject: 'CN=app' }, {}] })
  const pkcs12 = await threads.makePkcs12({ ...request, files, password: 'secret' })
  const again = { files: [file(pkcs12)], keyPassword: 'secret', newKeyPassword: undefined }
  const { key } = await threads.extractPem(again)
  expect(Buffer.from(key).toString()).toBe(pair.key.toString())
})

test('a refusal comes over with its code and its field', async () => {
  await expect(threads.makePkcs12({ ...request, files, password: '' })).rejects.toMatchObject({
    name: 'CoffretError',
    code: 'invalid',
    field: 'password',
  })
  const closed = openssl(['pkcs8', '-topk8', '-passout', 'pass:x'], pair.key)
  const input = {
    files: [file(pair.certificate), file(closed)],
    keyPassword: 'y',
    newKeyPassword: undefined,
  }
  await expect(threads.extractPem(input)).rejects.toMatchObject({ code: 'wrong_password' })
})

test('a bomb is a report, not an error', async () => {
  const bomb = part.pfx([part.encrypted(part.tripleDes(2 ** 31 - 1))])
  const report = await threads.inspect({ files: [file(bomb)], password: 'x' })
  expect(report.files).toMatchObject([{ problem: 'unsupported' }])
})

test('several run at once', async () => {
  const reports = await Promise.all(
    Array.from({ length: 4 }, () => threads.inspect({ files, password: undefined })),
  )
  expect(reports.map(({ problems }) => problems.length)).toEqual([0, 0, 0, 0])
})

describe('a thread is ended', () => {
  const inspect = { files: [], password: undefined }

  test('that does not come to an end within five seconds', async () => {
    const start = performance.now()
    await expect(thread('endless.mjs', 'for (;;) ;').inspect(inspect)).rejects.toMatchObject({
      code: 'unsupported',
    })
    // A busy machine starts the thread late, and may not come to us at once.
    expect(performance.now() - start).toBeLessThan(60_000)
  })

  test('that takes more memory than it may', async () => {
    const source = 'const all = []; for (;;) all.push(new Array(100_000).fill(all.length))'
    await expect(thread('greedy.mjs', source).inspect(inspect)).rejects.toMatchObject({
      code: 'unsupported',
    })
  })

  test('that says nothing', async () => {
    await expect(thread('silent.mjs', '').inspect(inspect)).rejects.toMatchObject({
      code: 'unsupported',
    })
  })

  test('that fails: it is said as a fault of ours', async () => {
    const failing = thread('failing.mjs', 'throw new Error("of ours")')
    await expect(failing.inspect(inspect)).rejects.toThrow('of ours')
  })
})
