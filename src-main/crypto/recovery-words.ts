import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { CoffretError } from '../contract/errors'
import { SecretKey } from './secret-key'

/** How many words stand for a 256-bit recovery key and its 8-bit checksum. */
export const recoveryWordCount = 24

/** The words of a recovery key: 24 of the 2,048 English words. Source: BIP-39. */
export function recoveryWords(key: SecretKey): string[] {
  return entropyToMnemonic(key.bytes, wordlist).split(' ')
}

/**
 * Reads the words as people type them: any case, any white space, any Unicode form.
 * @throws CoffretError `wrong_passphrase` when they are not 24 words of the list with a right checksum;
 * the message does not repeat them
 */
export function readRecoveryWords(text: string): SecretKey {
  const words = text.normalize('NFKD').toLowerCase().trim().split(/\s+/)
  if (words.length !== recoveryWordCount) {
    const problem = `a recovery key is ${recoveryWordCount} words, not ${words.length}`
    throw new CoffretError('wrong_passphrase', problem)
  }
  try {
    return new SecretKey(mnemonicToEntropy(words.join(' '), wordlist))
  } catch {
    // Without the cause: the library's message may name a word.
    throw new CoffretError('wrong_passphrase', 'the recovery words or their checksum are wrong')
  }
}
