import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { RandomBytes } from '../env'
import { contentSecurityPolicy, permissionsPolicy } from './content-security-policy'

/** Our own scheme: a page from it has an origin, which a page from `file:` has not. */
export const appScheme = 'app'

/** The origin of our page. */
export const appOrigin = `${appScheme}://coffret`

/** The address of our page. */
export const appPage = `${appOrigin}/index.html`

/** What `index.html` has in place of the nonce. */
export const noncePlaceholder = '__CSP_NONCE__'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** The files of the built page, by their paths with `/`. What is added later is not among them. */
export function listPageFiles(folder: string): Map<string, string> {
  return new Map(filesBelow(folder, ''))
}

/** By hand: Node 18.15, which is in Electron 25, reads no folder recursively. */
function filesBelow(folder: string, prefix: string): [name: string, file: string][] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = join(folder, entry.name)
    const name = prefix + entry.name
    if (entry.isDirectory()) return filesBelow(file, `${name}/`)
    const listed: [name: string, file: string] = [name, file]
    return extname(name) in contentTypes ? [listed] : []
  })
}

/**
 * The file that an address names: the list is searched for the very text, so that nothing can be encoded,
 * climbed out of or asked of another host.
 * @returns undefined for a 404
 */
export function pageFile(files: ReadonlyMap<string, string>, url: string): string | undefined {
  const start = `${appOrigin}/`
  return url.startsWith(start) ? files.get(url.slice(start.length)) : undefined
}

/** Answers requests for the page's files, and 404 to any other. */
export function createPageHandler(
  files: ReadonlyMap<string, string>,
  random: RandomBytes,
): (request: { method: string; url: string }) => Response {
  return ({ method, url }) => {
    const file = method === 'GET' ? pageFile(files, url) : undefined
    if (file === undefined) return new Response(null, { status: 404, headers: fixedHeaders })
    const nonce = Buffer.from(random(16)).toString('base64')
    const extension = extname(file)
    const bytes = readFileSync(file)
    const isPage = extension === '.html'
    return new Response(isPage ? bytes.toString().replaceAll(noncePlaceholder, nonce) : bytes, {
      headers: {
        ...fixedHeaders,
        'content-type': contentTypes[extension] ?? 'application/octet-stream',
        'content-security-policy': contentSecurityPolicy(nonce),
      },
    })
  }
}

const fixedHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': permissionsPolicy,
}
