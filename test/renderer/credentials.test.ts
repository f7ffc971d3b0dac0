import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CallInput, CredentialReport } from '../../src-main/contract/calls'
import { Credentials, maxFiles, withOwnNames } from '../../src-renderer/state/credentials.svelte'

const mebibyte = 1_048_576
const call = vi.fn()

/** What main would say of files without a credential. */
function inspect({ files }: CallInput<'credential.inspect'>): CredentialReport {
  return {
    files: files.map(({ name, bytes }) => ({
      name,
      found: [],
      problem: bytes.length === 0 ? 'empty' : 'not-a-credential',
    })),
    certificates: [],
    chainLength: 0,
    problems: ['no-certificate', 'no-key'],
    warnings: [],
  }
}

beforeEach(() => {
  call.mockImplementation(async (_name: string, input: CallInput<'credential.inspect'>) => ({
    ok: true,
    value: inspect(input),
  }))
  vi.stubGlobal('window', { coffret: { call } })
})

afterEach(() => {
  vi.unstubAllGlobals()
  call.mockReset()
})

function file(name: string, size: number): File {
  return new File([new Uint8Array(size)], name)
}

function problems({ report }: Credentials) {
  return report?.files.map(({ name, problem }) => [name, problem])
}

test('a file beyond 1 MiB is said to be too large, and no part of it is sent', async () => {
  const credentials = new Credentials()
  await credentials.add([file('whole.pem', mebibyte), file('large.pem', mebibyte + 1)])
  expect(problems(credentials)).toEqual([
    ['whole.pem', 'not-a-credential'],
    ['large.pem', 'too-large'],
  ])
  const sent = call.mock.calls[0]?.[1] as CallInput<'credential.inspect'>
  expect(sent.files.map(({ bytes }) => bytes.length)).toEqual([mebibyte, 0])
})

test('a file that is empty is still said to be empty', async () => {
  const credentials = new Credentials()
  await credentials.add([file('nothing.pem', 0)])
  expect(problems(credentials)).toEqual([['nothing.pem', 'empty']])
})

test('a file of the same name takes the place of the first', async () => {
  const credentials = new Credentials()
  await credentials.add([file('a.pem', 1)])
  await credentials.add([file('a.pem', 2)])
  expect(credentials.files.map(({ bytes }) => bytes.length)).toEqual([2])
})

test('files of one name that come together are all kept, under names of their own', async () => {
  const credentials = new Credentials()
  await credentials.add([file('a.pem', 1), file('a.pem', 2), file('b.pem', 3)])
  expect(credentials.files.map(({ name, bytes }) => [name, bytes.length])).toEqual([
    ['a.pem', 1],
    ['a.pem (2)', 2],
    ['b.pem', 3],
  ])
})

test.each([
  [
    ['a', 'a', 'a'],
    ['a', 'a (2)', 'a (3)'],
  ],
  [
    ['a', 'a', 'a (2)'],
    ['a', 'a (3)', 'a (2)'],
  ],
  [
    ['a (2)', 'a', 'a'],
    ['a (2)', 'a', 'a (3)'],
  ],
  [[], []],
])('%j become %j', (names, own) => {
  expect(withOwnNames(names.map((name) => ({ name }))).map(({ name }) => name)).toEqual(own)
})

test(`looks at ${maxFiles} files at most, and says so`, async () => {
  const credentials = new Credentials()
  await credentials.add(Array.from({ length: maxFiles + 1 }, (_, n) => file(`${n}.pem`, 1)))
  expect([credentials.files.length, credentials.isTooMany]).toEqual([maxFiles, true])
})

test('nothing is left when the last file is removed', async () => {
  const credentials = new Credentials()
  await credentials.add([file('a.pem', 1)])
  credentials.password = 'p12-password'
  await credentials.remove('a.pem')
  expect([credentials.report, credentials.password]).toEqual([undefined, ''])
})

test('what is found in files late does not stand beside others', async () => {
  const answers: ((value: unknown) => void)[] = []
  call.mockImplementation(() => new Promise((answer) => answers.push(answer)))
  const credentials = new Credentials()
  const adding = [credentials.add([file('a.pem', 1)]), credentials.add([file('b.pem', 1)])]
  await vi.waitFor(() => expect(answers).toHaveLength(2))
  const [older, newer] = call.mock.calls.map(([, input]) => inspect(input as never))
  answers[1]?.({ ok: true, value: newer })
  await adding[1]
  answers[0]?.({ ok: true, value: older })
  await adding[0]
  expect(credentials.report?.files.map(({ name }) => name)).toEqual(['a.pem', 'b.pem'])
  expect(credentials.isWorking).toBe(false)
})

test('nothing is found in files that were taken back', async () => {
  let answer: (value: unknown) => void = () => undefined
  call.mockImplementation(() => new Promise((resolve) => (answer = resolve)))
  const credentials = new Credentials()
  const adding = credentials.add([file('a.pem', 1)])
  await vi.waitFor(() => expect(call).toHaveBeenCalled())
  credentials.clear()
  answer({ ok: true, value: inspect({ files: [] }) })
  await adding
  expect(credentials).toMatchObject({ report: undefined, isWorking: false })
})

test('a file that cannot be read is said, and the others stay', async () => {
  const credentials = new Credentials()
  await credentials.add([file('a.pem', 1)])
  const unreadable = file('b.pem', 1)
  unreadable.arrayBuffer = () => Promise.reject(new DOMException('no', 'NotReadableError'))
  await credentials.add([unreadable])
  expect(credentials.error).toMatchObject({ code: 'forbidden' })
  expect(credentials.files.map(({ name }) => name)).toEqual(['a.pem'])
})

test('what is kept is named, opened with its password, and may take the place of another', async () => {
  const credentials = new Credentials()
  await credentials.add([file('a.pem', 1)])
  credentials.friendlyName = ' ci '
  credentials.keyPassword = 'opens'
  const files = [{ name: 'a.pem', bytes: new Uint8Array(1) }]
  expect(credentials.keeping()).toEqual({ files, name: 'ci', keyPassword: 'opens' })
  const replaces = '41111111-1111-4111-8111-111111111111' as never
  expect(credentials.keeping(replaces)).toMatchObject({ replaces })
})

test.each([
  ['the name in a PKCS#12 file', { friendlyName: 'mine' }, 'mine'],
  ['the OKMS domain', { okmsDomainId: '4f1c' }, 'okms 4f1c'],
  ['the common name, without what PKCS#12 does not take', {}, 'app '],
])('proposes %s', async (_, { friendlyName, okmsDomainId }: Record<string, string>, name) => {
  const leaf = { subject: 'CN=app 🚀, O=x', ...(okmsDomainId && { okmsDomainId }) }
  call.mockImplementation(async (_name: string, input: CallInput<'credential.inspect'>) => ({
    ok: true,
    value: { ...inspect(input), certificates: [leaf], ...(friendlyName && { friendlyName }) },
  }))
  const credentials = new Credentials()
  await credentials.add([file('a.p12', 1)])
  expect(credentials.friendlyName).toBe(name)
})
