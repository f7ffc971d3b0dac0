import { Refusal } from './refusal'

/**
 * The target of a request as it stood in the request line. `new URL()` is not used: it folds `..` and
 * `%2e%2e`, so that a path of a secret could reach another route, and turns `\` into `/`.
 */
export interface RequestTarget {
  /** Still encoded, without the query; it begins with `/`. */
  readonly rawPath: string
  /** What is between the slashes, still encoded; the empty text before the first is left out. */
  readonly rawSegments: readonly string[]
  /**
   * Decoded names and values; a repeated name has several values, in their order. Read when it is asked
   * for, so that a bad one is refused in the order and the words of the dialect.
   * @throws Refusal `bad_request`
   */
  readonly query: ReadonlyMap<string, readonly string[]>
}

/** The longest target, in bytes: a path of 1,024 bytes encoded, with room for a query. */
export const maxTargetBytes = 16_384

/**
 * Parses the text between method and protocol: origin form, or absolute form (RFC 9112 §3.2). Each
 * character stands for one byte, as Node's parser hands them out.
 * @throws Refusal `bad_request`
 */
export function parseTarget(text: string): RequestTarget {
  if (text.length > maxTargetBytes) throw new Refusal('bad_request', ['request target too long'])
  const origin = text.startsWith('/') ? '' : (/^https?:\/\/[^/?#]*/i.exec(text)?.[0] ?? '')
  const target = text.slice(origin.length)
  const cut = target.indexOf('?')
  const rawPath = (cut < 0 ? target : target.slice(0, cut)) || '/'
  if (!rawPath.startsWith('/')) throw new Refusal('bad_request', ['request target is not a path'])
  let query: RequestTarget['query'] | undefined
  return {
    rawPath,
    rawSegments: rawPath.slice(1).split('/'),
    get query() {
      return (query ??= parseQuery(cut < 0 ? '' : target.slice(cut + 1)))
    },
  }
}

/**
 * Decodes percent escapes, once.
 * @throws Refusal `bad_request` for an escape that is none, and for what is not UTF-8
 */
export function decodeOnce(text: string): string {
  // The common case costs no buffer.
  if (/^[\x21-\x24\x26-\x7e]*$/.test(text)) return text
  if (/%(?![\da-fA-F]{2})/.test(text)) throw new Refusal('bad_request', ['invalid percent escape'])
  const bytes: number[] = []
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code > 0xff) throw new Refusal('bad_request', ['request target is not bytes'])
    const isEscape = code === 0x25
    bytes.push(isEscape ? Number.parseInt(text.slice(at + 1, at + 3), 16) : code)
    if (isEscape) at += 2
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes))
  } catch {
    throw new Refusal('bad_request', ['request target is not UTF-8'])
  }
}

function parseQuery(text: string): ReadonlyMap<string, readonly string[]> {
  return parseForm(text.split('&'))
}

/**
 * Decodes `name=value` parts of a query or a form; `+` is a space.
 * @throws Refusal `bad_request`
 */
export function parseForm(parts: readonly string[]): Map<string, string[]> {
  const fields = new Map<string, string[]>()
  for (const part of parts) {
    if (part === '') continue
    const cut = part.indexOf('=')
    const name = decodePlus(cut < 0 ? part : part.slice(0, cut))
    const values = fields.get(name) ?? []
    values.push(cut < 0 ? '' : decodePlus(part.slice(cut + 1)))
    fields.set(name, values)
  }
  return fields
}

function decodePlus(text: string): string {
  return decodeOnce(text.replaceAll('+', ' '))
}
