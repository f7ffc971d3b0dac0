import { allOperations } from './all-operations'
import { documentationPage, pageScript, pageStyle, type PageForm } from './documentation-page'
import type { ApiReply } from './message'
import { openApiDocument } from './openapi'

/** The files of Swagger UI that the page is made of; nothing is fetched from anywhere else. */
export const swaggerFiles = ['swagger-ui-bundle.js', 'swagger-ui.css'] as const

/** One of {@link swaggerFiles}. */
export type SwaggerFile = (typeof swaggerFiles)[number]

/** What the documentation is made of. */
export interface DocumentationParts {
  /** Of the program, as `sys/health` tells it too. */
  readonly version: string
  /** Reads a file that came with the program; without it there is a description and no page. */
  readonly readSwaggerFile?: (name: SwaggerFile) => Uint8Array<ArrayBuffer>
  /** `read`: only the form that sends nothing, for a place from which the vault is not reached. */
  readonly forms?: 'read' | 'both'
}

/** Answers requests for the description and its page; undefined for any other address. */
export type Documentation = (method: string, rawPath: string) => ApiReply | undefined

interface Page {
  readonly type: string
  readonly content: () => string | Uint8Array<ArrayBuffer>
}

const json = 'application/json'
const html = 'text/html; charset=utf-8'
const script = 'text/javascript; charset=utf-8'
const style = 'text/css; charset=utf-8'

/**
 * The description of the API as `/openapi.json`, and a page of it in two forms: `/docs/` to read, and
 * `/docs/try/` to try. All of it is open to all: it holds nothing of a vault, and needs none.
 */
export function createDocumentation(parts: DocumentationParts): Documentation {
  const pages = pagesOf(parts)
  return (method, rawPath) => {
    if (pages.has(`${rawPath}/`)) return withoutBody(308, { Location: `${rawPath}/` })
    const page = pages.get(rawPath)
    if (page === undefined) return undefined
    if (method !== 'GET' && method !== 'HEAD') return withoutBody(405, { Allow: 'GET, HEAD' })
    const head = { status: 200, headers: { ...fixedHeaders, 'Content-Type': page.type } }
    return method === 'HEAD' ? head : { ...head, body: page.content() }
  }
}

function pagesOf({
  version,
  readSwaggerFile,
  forms = 'both',
}: DocumentationParts): ReadonlyMap<string, Page> {
  const document = once(() => JSON.stringify(openApiDocument(allOperations, version)))
  const pages = new Map<string, Page>([['/openapi.json', { type: json, content: document }]])
  if (readSwaggerFile === undefined) return pages
  const kinds: readonly PageForm[] = forms === 'read' ? ['read-only'] : ['read', 'try']
  for (const form of kinds) {
    const folder = form === 'try' ? '/docs/try/' : '/docs/'
    pages.set(folder, { type: html, content: () => documentationPage(form) })
    pages.set(`/docs/${form}.js`, { type: script, content: () => pageScript(form) })
  }
  pages.set('/docs/page.css', { type: style, content: () => pageStyle })
  for (const name of swaggerFiles) {
    const type = name.endsWith('.js') ? script : style
    pages.set(`/docs/${name}`, { type, content: once(() => readSwaggerFile(name)) })
  }
  return pages
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

function withoutBody(status: number, headers: Record<string, string>): ApiReply {
  return { status, headers: { ...fixedHeaders, ...headers } }
}

/**
 * Only files of our own, and requests only to where the page came from. Swagger UI sets styles through
 * the DOM, which the policy allows, and draws its icons from `data:`.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "object-src 'none'",
].join('; ')

const fixedHeaders = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': policy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}
