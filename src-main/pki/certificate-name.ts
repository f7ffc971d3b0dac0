import { CoffretError } from '../contract/errors'
import { printable } from './distinguished-name'

/**
 * What stands in front of each name. A common name with a space is never taken for a DNS name:
 * OpenSSL applies the constraints of the authority to one that looks like it, so that a client
 * called `ci.example.org` would be refused.
 */
const prefix = 'Coffret '

/** How many characters a name may have; RFC 5280 (ub-common-name) gives 64 to all of it. */
export const maxNameLength = 64 - prefix.length

/** Whether it is shown as it is: no controls, no marks that reverse text, no half characters. */
const isPlain = (text: string): boolean => printable(text) === text && !/\p{Cs}/u.test(text)

/**
 * The common name of a certificate.
 * @param field which input is at fault
 * @throws {CoffretError} `invalid` for an empty text, one longer than {@link maxNameLength}
 * characters, or with a line break or another invisible character
 */
export function commonName(text: string, field: string): string {
  const length = [...text].length
  if (text.trim() === '' || length > maxNameLength) {
    throw new CoffretError('invalid', `${field} is 1 to ${maxNameLength} characters`, { field })
  }
  if (!isPlain(text)) {
    throw new CoffretError('invalid', `${field} holds a line break or an invisible character`, {
      field,
    })
  }
  return prefix + text
}

/**
 * What of a text fits into a name: for the label of a vault, which is a file name and may be longer
 * or hold anything. `vault` when nothing is left.
 */
export function fittingName(text: string): string {
  const plain = [...text].filter(isPlain).slice(0, maxNameLength).join('')
  return plain.trim() === '' ? 'vault' : plain
}
