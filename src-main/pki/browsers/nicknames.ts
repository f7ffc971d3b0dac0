/** How we name what we import, so that we know it again. No colon: NSS reads a token's name before it. */
const mark = 'Coffret - '

/** The same for the authorities between a certificate and its root, which come with it. */
const chainMark = 'Coffret chain - '

/** What NSS can store and find, with the beginning of the fingerprint, which makes it the only one. */
function nickname(start: string, name: string, sha256Fingerprint: string): string {
  const plain = name
    .replace(/[\p{C}:]/gu, '')
    .replace(/[^\0-\uffff]/gu, '')
    .trim()
  const digits = sha256Fingerprint.replaceAll(':', '').slice(0, 8).toLowerCase()
  return `${start}${plain === '' ? 'credential' : plain.slice(0, 64)} (${digits})`
}

/** The nickname of a certificate that we import: one of its own, unless its subject has one already. */
export const nicknameOf = (name: string, sha256Fingerprint: string): string =>
  nickname(mark, name, sha256Fingerprint)

/**
 * The nickname of an authority that comes with a certificate.
 * @param given by NSS, behind the name of its token where it has a colon in it
 */
export const chainNicknameOf = (given: string, sha256Fingerprint: string): string =>
  nickname(chainMark, given.replace(/^NSS Certificate DB:/, ''), sha256Fingerprint)

/** Whether a nickname is one that we gave to a certificate with its key. */
export const isOurs = (nickname: string): boolean => nickname.startsWith(mark)

/** Whether a nickname is one that we gave to an authority. */
export const isOurChain = (nickname: string): boolean => nickname.startsWith(chainMark)
