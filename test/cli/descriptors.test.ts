import { execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readAtMost } from '../../src-main/cli/descriptors'
import { readSecretFile } from '../../src-main/cli/secret-file'
import { temporaryFolder } from '../vault/new-vault'

const put = (content: string): string => {
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, content)
  return file
}
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

test.each([0, 1, 9, 10])('a file of %i bytes is read where 10 are allowed', (length) => {
  expect(text(readAtMost(put('x'.repeat(length)), 10))).toBe('x'.repeat(length))
})

test.each([
  ['one byte too many', () => put('x'.repeat(11)), 'too_large'],
  ['no end', () => '/dev/zero', 'too_large'],
  ['no file', () => '/nowhere', 'not_found'],
  ['a folder', () => temporaryFolder(), 'storage'],
])('%s is refused', (_, file, code) => {
  expect(() => readAtMost(file(), 10)).toThrow(expect.objectContaining({ code }))
})

test('a pipe is read to its end, in however many pieces it comes', () => {
  const pipe = join(temporaryFolder(), 'pipe')
  execFileSync('mkfifo', [pipe])
  const writer = spawn('sh', ['-c', '(printf ab; printf cd; printf ef) > "$0"', pipe])
  onTestFinished(() => void writer.kill('SIGKILL'))
  expect(text(readAtMost(pipe, 10))).toBe('abcdef')
})

test.each([
  ['x\n', 'x'],
  ['x\r\n', 'x'],
  ['x\n\n', 'x\n'],
  [' x ', ' x '],
  [`${'x'.repeat(1024)}\r\n`, 'x'.repeat(1024)],
])('of %j the password is what stands before one line end', (content, password) => {
  expect(text(readSecretFile(put(content), 'password'))).toBe(password)
})

test.each(['', '\n', '\r\n', 'x'.repeat(1025), `${'x'.repeat(1025)}\n`])(
  'a password file of %j is refused without telling what is in it',
  (content) => {
    const refusal = expect.objectContaining({
      code: 'invalid',
      message: expect.stringMatching(/^the password .*(is empty|longer than 1024 bytes)$/),
    })
    expect(() => readSecretFile(put(content), 'password')).toThrow(refusal)
  },
)
