import { printable } from '../pki/distinguished-name'
import type { Terminal } from './ports'

/** A terminal to which a command speaks. */
export interface SpokenTerminal extends Terminal {
  /** Whether something went to the standard output. */
  readonly hasPrinted: boolean
}

/** Controls and the marks that reverse the direction of text, as JSON writes any character: nothing is lost. */
const printableJson = (line: string): string =>
  line.replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

const printableLines = (text: string): string => text.split('\n').map(printable).join('\n')

/**
 * A terminal that never gets a control sequence, whoever chose the names of files and certificates
 * (security.md A-09).
 * @param isJson what is printed is JSON
 */
export function spokenTerminal(terminal: Terminal, { isJson }: { readonly isJson: boolean }) {
  let hasPrinted = false
  return {
    ...terminal,
    print: (line: string) => {
      hasPrinted = true
      terminal.print(isJson ? printableJson(line) : printableLines(line))
    },
    warn: (line: string) => terminal.warn(printableLines(line)),
    get hasPrinted() {
      return hasPrinted
    },
  } satisfies SpokenTerminal
}
