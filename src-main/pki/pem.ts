/** One `-----BEGIN …-----` block. */
export interface PemBlock {
  /** `CERTIFICATE`, `RSA PRIVATE KEY`, … as written; it may lie. */
  readonly label: string
  /** The decoded body; undefined when the block has no end or its body is not base64. */
  readonly der: Uint8Array | undefined
  /** The `DEK-Info` header of a key that is encrypted the old way (RFC 1421 §4.6.1.3). */
  readonly dekInfo: string | undefined
}

/** More blocks than this in one file are not a credential. A browser's whole list of roots has 150. */
export const maxPemBlocks = 64

// Both patterns have bounded repetition: their cost is linear whatever the text.
const marker = /-----(BEGIN|END) ([A-Z0-9 ]{1,40})-----/g
const escaped = /\\{1,4}(r\\{1,4}n|[nr])/g
const escapedSlash = /\\{1,4}\//g

/** How a text begins in UTF-16: with a byte order mark, or with an ASCII character without one. */
function utf16Of([first, second]: Uint8Array): 'little' | 'big' | undefined {
  if (first === 0xff && second === 0xfe) return 'little'
  if (first === 0xfe && second === 0xff) return 'big'
  if (first === 0x2d && second === 0) return 'little'
  return first === 0 && second === 0x2d ? 'big' : undefined
}

/** The text of a file: Windows writes UTF-16 in many places. PEM itself is ASCII. */
function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const utf16 = utf16Of(bytes)
  if (utf16 === 'little') return buffer.toString('utf16le')
  if (utf16 === 'big') {
    return Buffer.from(buffer.subarray(0, buffer.length & ~1))
      .swap16()
      .toString('utf16le')
  }
  return buffer.toString('latin1')
}

function readBody(label: string, body: string): PemBlock {
  let dekInfo: string | undefined
  // Most bodies have no header: dividing a million empty lines would take a quarter of a second.
  const lines = body.includes(':') ? body.split(/\r\n?|\n/) : [body]
  const base64 = lines
    .filter((line) => {
      // Base64 has no colon, so a line with one is a header.
      const [name = '', value] = line.split(':', 2)
      if (name.trim() === 'DEK-Info') dekInfo = value?.trim()
      return value === undefined
    })
    .join('')
    .replace(/[\s"']+/g, '')
  const isBase64 =
    base64.length > 0 && base64.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(base64)
  return { label, dekInfo, der: isBase64 ? Buffer.from(base64, 'base64') : undefined }
}

/**
 * The PEM blocks in a file, whatever stands around them: other text, CRLF, indentation, quotes, or
 * line ends written as the two characters `\n` as in JSON. At most {@link maxPemBlocks} + 1, so that
 * a reader sees that there are too many.
 * Source: RFC 7468, read leniently.
 */
export function findPemBlocks(bytes: Uint8Array): PemBlock[] {
  const raw = textOf(bytes)
  const text = raw.includes('\\') ? raw.replace(escaped, '\n').replace(escapedSlash, '/') : raw
  const blocks: PemBlock[] = []
  let open: { label: string; bodyStart: number } | undefined
  const closeWith = (body: string | undefined): void => {
    if (!open) return
    const { label } = open
    blocks.push(
      body === undefined ? { label, dekInfo: undefined, der: undefined } : readBody(label, body),
    )
    open = undefined
  }
  for (const found of text.matchAll(marker)) {
    if (blocks.length > maxPemBlocks) return blocks
    const [whole, word, label = ''] = found
    if (word === 'END') {
      closeWith(open?.label === label ? text.slice(open.bodyStart, found.index) : undefined)
    } else {
      closeWith(undefined)
      open = { label, bodyStart: found.index + whole.length }
    }
  }
  closeWith(undefined)
  return blocks
}

/**
 * One PEM block, with a line end after it.
 * Source: RFC 7468 §2, lines of 64 characters.
 * @param label `CERTIFICATE`, `X509 CRL`, …
 */
export function writePem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
