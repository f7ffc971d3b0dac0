import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  bytes,
  certutil,
  credential,
  firefox,
  homeWithFirefox,
  importInto,
  storesOf,
  withTool,
} from './nss-home'

const password = 'primary canary'

/** A store whose tools are these, and an import into it that was cancelled once it told of itself. */
async function cancelledImport(
  tool: string,
  script: string,
  before = (_: ReturnType<typeof homeWithFirefox>): unknown => undefined,
) {
  const made = homeWithFirefox(password)
  const { files, authority } = credential()
  await before(made)
  const contents = () =>
    ['cert9.db', 'key4.db'].map((name) => readFileSync(join(made.database, name)))
  const contentsBefore = contents()
  const told = join(made.folder, 'told')
  const stores = storesOf(withTool(made, tool, script.replaceAll('TOLD', told)))
  const databasePassword = bytes(password)
  const done = importInto(stores, firefox, [...files, authority], { databasePassword })
  const end = done.then(
    () => 'done',
    (error: unknown) => error,
  )
  await expect.poll(() => existsSync(told)).toBe(true)
  stores.cancelImport(firefox)
  return { made, end: await end, contents, contentsBefore }
}

const names = (database: string) => certutil(database, ['-L'], password)
const cancelled = expect.objectContaining({ code: 'cancelled' })

test.each([
  ['it looks what is there', 'certutil', 'case "$*" in *-L*) touch TOLD; exec sleep 1000;; esac'],
  ['it waits for the store', 'pk12util', 'touch TOLD; exec sleep 1000'],
])(
  'an import that is cancelled while %s changes nothing, and leaves no file',
  async (_, ...how) => {
    const { made, end, contents, contentsBefore } = await cancelledImport(...how)
    expect(end).toEqual(cancelled)
    expect(contents()).toEqual(contentsBefore)
    expect(readdirSync(made.environment['XDG_RUNTIME_DIR'] ?? '')).toEqual([])
  },
)

test('one that is cancelled after it has written takes all of it out again', async () => {
  const script = '"$REAL" "$@"; touch TOLD; exec sleep 1000'
  const { made, end } = await cancelledImport('pk12util', script)
  expect(end).toEqual(cancelled)
  expect(names(made.database)).not.toMatch(/Coffret|Test root/)
  expect(() => certutil(made.database, ['-K'], password)).toThrow()
  expect(readdirSync(made.environment['XDG_RUNTIME_DIR'] ?? '')).toEqual([])
})

test('one that fails after it has written takes all of it out again', async () => {
  const made = homeWithFirefox('')
  const script = '"$REAL" "$@"; echo SEC_ERROR_IO >&2; exit 1'
  const { files, authority } = credential()
  const done = importInto(storesOf(withTool(made, 'pk12util', script)), firefox, [
    ...files,
    authority,
  ])
  await expect(done).rejects.toMatchObject({ code: 'storage' })
  expect(certutil(made.database, ['-L'])).not.toMatch(/Coffret|Test root/)
  expect(() => certutil(made.database, ['-K'])).toThrow()
})

test('what was there before stays there', async () => {
  const other = credential({ subject: '/CN=other' })
  const script = '"$REAL" "$@"; touch TOLD; exec sleep 1000'
  const { made, end } = await cancelledImport('pk12util', script, (home) =>
    importInto(storesOf(home), firefox, [...other.files], { databasePassword: bytes(password) }),
  )
  expect(end).toEqual(cancelled)
  const { stores } = await storesOf(made).list()
  expect(stores[0]?.certificates.map((one) => one.sha256Fingerprint)).toEqual([other.fingerprint])
})

test('to cancel where nothing is imported does nothing', async () => {
  const made = homeWithFirefox('')
  const stores = storesOf(made)
  stores.cancelImport(firefox)
  const { files, fingerprint } = credential()
  const { certificate } = await importInto(stores, firefox, files)
  expect(certificate.sha256Fingerprint).toBe(fingerprint)
})
