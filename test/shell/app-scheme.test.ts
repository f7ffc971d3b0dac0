import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { systemRandom } from '../../src-main/env'
import { createPageHandler, listPageFiles, pageFile } from '../../src-main/shell/app-scheme'
import { temporaryFolder } from '../vault/new-vault'

/** A built page, a file beside it, and a file in it that is of no listed kind. */
function builtPage() {
  const folder = join(temporaryFolder(), 'renderer')
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__">')
  writeFileSync(join(folder, 'assets', 'index-a1.js'), 'let a')
  writeFileSync(join(folder, 'assets', 'index-a1.css'), 'a{}')
  writeFileSync(join(folder, 'assets', 'index-a1.js.map'), '{}')
  writeFileSync(join(folder, '..', 'secret.js'), 'secret')
  const files = listPageFiles(folder)
  return { folder, files, handle: createPageHandler(files, systemRandom) }
}

const get = (url: string) => ({ method: 'GET', url })

test('only the files of the built page are listed, by their kinds', () => {
  expect([...builtPage().files.keys()].sort()).toEqual([
    'assets/index-a1.css',
    'assets/index-a1.js',
    'index.html',
  ])
})

describe('an address', () => {
  test.each(['index.html', 'assets/index-a1.js'])('app://coffret/%s is served', (path) => {
    const { files, folder } = builtPage()
    expect(pageFile(files, `app://coffret/${path}`)).toBe(join(folder, path))
  })

  test.each([
    'app://coffret/',
    'app://coffret',
    'app://coffret/assets',
    'app://coffret/assets/',
    'app://coffret/../secret.js',
    'app://coffret/assets/../index.html',
    'app://coffret/%2e%2e/secret.js',
    'app://coffret/..%2fsecret.js',
    'app://coffret/%69ndex.html',
    'app://coffret/index.html%00',
    'app://coffret/index.html?a',
    'app://coffret/index.html#a',
    'app://coffret/INDEX.HTML',
    'app://coffret//index.html',
    'app://coffret/assets/index-a1.js.map',
    'app://coffret//etc/passwd',
    'app://coffret/constructor',
    'app://other/index.html',
    'app://coffret.evil/index.html',
    'app://coffret:80/index.html',
    'app://user@coffret/index.html',
    'file:///etc/passwd',
    'https://coffret/index.html',
  ])('%s is not found', async (url) => {
    const response = builtPage().handle(get(url))
    expect(response.status).toBe(404)
    expect(await response.text()).toBe('')
  })

  test('is not found by another method', () => {
    const { handle } = builtPage()
    expect(handle({ method: 'POST', url: 'app://coffret/index.html' }).status).toBe(404)
  })

  test('of a file that was added later is not found', () => {
    const { folder, handle } = builtPage()
    writeFileSync(join(folder, 'late.js'), '')
    expect(handle(get('app://coffret/late.js')).status).toBe(404)
  })
})

describe('an answer', () => {
  test('carries the policy, its kind, and is kept nowhere', () => {
    const { headers } = builtPage().handle(get('app://coffret/assets/index-a1.js'))
    expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('permissions-policy')).toContain('usb=()')
  })

  test('has one nonce in the page and its policy, another each time', async () => {
    const { handle } = builtPage()
    const nonces = await Promise.all(
      [1, 2].map(async () => {
        const response = handle(get('app://coffret/index.html'))
        const nonce = /content="([^"]+)"/.exec(await response.text())?.[1]
        expect(response.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`)
        return nonce
      }),
    )
    expect(Buffer.from(nonces[0]!, 'base64')).toHaveLength(16)
    expect(nonces[0]).not.toBe(nonces[1])
  })
})
