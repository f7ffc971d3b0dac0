import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { normalized, readNewPassphrase, readPassphrase } from '../../src-main/cli/passphrase'
import { withoutLineEnd } from '../../src-main/cli/secret-file'
import { HiddenLine } from '../../src-main/cli/terminal'
import { temporaryFolder } from '../vault/new-vault'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (of: Uint8Array | undefined) => new TextDecoder().decode(of)

/** Somebody who types these lines. */
function typing(...lines: string[]) {
  const asked: string[] = []
  return {
    ...{ asked, print: () => undefined, warn: () => undefined },
    ...{ isSeen: true, canAsk: true },
    askHidden: async (question: string) => {
      asked.push(question)
      return bytes(lines.shift() ?? '')
    },
  }
}

test.each([
  ['a', 'a'],
  ['a\n', 'a'],
  ['a\r\n', 'a'],
  ['a\n\n', 'a\n'],
  ['a\r', 'a\r'],
  [' a \n', ' a '],
  ['\n', ''],
])('of a file with %j the passphrase is %j', (file, passphrase) => {
  expect(text(withoutLineEnd(bytes(file)))).toBe(passphrase)
})

test('text comes into NFC, and what is no text stays', () => {
  expect(text(normalized(bytes('e\u0301')))).toBe('\u00e9')
  const odd = Uint8Array.of(0xff, 0x61)
  expect(normalized(odd)).toBe(odd)
})

test('a file is read without asking anybody, and one that is missing or empty is refused', async () => {
  const file = join(temporaryFolder(), 'pass')
  writeFileSync(file, 'long enough\n')
  const nobody = typing()
  expect(text(await readPassphrase({ passphraseFile: file }, nobody))).toBe('long enough')
  expect(text(await readNewPassphrase({ passphraseFile: file }, nobody))).toBe('long enough')
  expect(nobody.asked).toEqual([])
  writeFileSync(file, '\n')
  await expect(readPassphrase({ passphraseFile: file }, nobody)).rejects.toMatchObject({
    code: 'invalid',
  })
  await expect(readPassphrase({ passphraseFile: `${file}2` }, nobody)).rejects.toMatchObject({
    code: 'not_found',
  })
})

test('a passphrase is asked for once, a new one twice', async () => {
  expect(text(await readPassphrase({}, typing('one')))).toBe('one')
  expect(text(await readNewPassphrase({}, typing('one', 'one')))).toBe('one')
  await expect(readNewPassphrase({}, typing('one', 'two'))).rejects.toMatchObject({
    code: 'invalid',
  })
})

test('a hidden line ends with Enter, takes characters back whole, and can be given up', () => {
  const line = new HiddenLine()
  expect(line.take(bytes('ab'))).toBeUndefined()
  expect(text(line.take(bytes('\u00e9\u007f\u0008c\r')))).toBe('ac')
  const chunk = Buffer.from('next\nrest')
  expect(text(line.take(chunk))).toBe('next')
  // Whoever read it wipes it.
  chunk.fill(0)
  expect(text(line.rest)).toBe('rest')
  expect(() => new HiddenLine().take(Uint8Array.of(0x61, 0x03))).toThrow(
    expect.objectContaining({ code: 'cancelled' }),
  )
})
