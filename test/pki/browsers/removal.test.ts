import { X509Certificate } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Pair, file, makeAuthority, makeCertificate, put } from '../openssl'
import {
  certutil,
  chromium,
  credential,
  homeWithChromium,
  importByHand,
  importInto,
  storesOf,
} from './nss-home'

/** A certificate of an authority, as files to drop, with others above it. */
function issued(name: string, issuer: Pair, above: readonly Pair[]) {
  const { certificate, key } = makeCertificate({ subject: `/CN=${name}`, issuer })
  const chain = [certificate, issuer.certificate, ...above.map((one) => one.certificate)]
  const fingerprint = new X509Certificate(certificate).fingerprint256
  return { files: [file(Buffer.concat(chain)), file(key)], fingerprint }
}

/** What a database holds, in the order of the alphabet; of our own names what a person chose. */
const namesIn = (database: string): string[] =>
  certutil(database, ['-L'])
    .split('\n')
    .flatMap((line) => /^(\S.*?)\s+[a-zA-Z]*,[a-zA-Z]*,[a-zA-Z]*\s*$/.exec(line)?.[1] ?? [])
    .map((name) => name.replace(/^Coffret (?:chain )?- (.*) \(\w{8}\)$/, '$1'))
    .sort()

describe('removing', () => {
  const removalOf = (sha256Fingerprint: string) => ({
    ...{ store: chromium, sha256Fingerprint, databasePassword: undefined },
  })

  test('takes out certificate and key, and nothing else', async () => {
    const made = homeWithChromium()
    const stores = storesOf(made)
    const [mine, other] = [credential(), credential({ subject: '/CN=other' })]
    await importInto(stores, chromium, mine.files)
    const kept = await importInto(stores, chromium, other.files)
    await stores.remove(removalOf(mine.fingerprint))
    expect((await stores.list()).stores[0]?.certificates).toEqual([kept.certificate])
    expect(certutil(made.database, ['-K']).match(/^</gm)).toHaveLength(1)
  })

  test('finds the right one of two with the same subject, which NSS gives one name', async () => {
    const made = homeWithChromium()
    const stores = storesOf(made)
    const [old, renewed] = [credential(), credential()]
    await importInto(stores, chromium, old.files)
    const { canBeRemoved } = await importInto(stores, chromium, renewed.files)
    expect(canBeRemoved).toBe(true)
    await stores.remove(removalOf(renewed.fingerprint))
    const left = (await stores.list()).stores[0]?.certificates
    expect(left?.map((one) => one.sha256Fingerprint)).toEqual([old.fingerprint])
    await stores.remove(removalOf(old.fingerprint))
    expect(() => certutil(made.database, ['-K'])).toThrow()
  })

  test('takes the authorities in between with the last certificate that needs them', async () => {
    const made = homeWithChromium()
    const stores = storesOf(made)
    const root = makeAuthority('Root')
    const upper = makeAuthority('Upper', root)
    const lower = makeAuthority('Lower', upper)
    const [one, two] = [issued('one', lower, [upper, root]), issued('two', lower, [upper])]
    const { commands } = await importInto(stores, chromium, one.files)
    expect(commands.slice(3).map((words) => words.slice(0, 4))).toEqual([
      ['certutil', '--rename', '-n', 'Lower'],
      ['certutil', '--rename', '-n', 'Upper'],
      ['certutil', '-D', '-n', 'Root'],
    ])
    await importInto(stores, chromium, two.files)
    expect(namesIn(made.database)).toEqual(['Lower', 'Upper', 'prod', 'prod'])
    await stores.remove(removalOf(one.fingerprint))
    expect(namesIn(made.database)).toEqual(['Lower', 'Upper', 'prod'])
    await stores.remove(removalOf(two.fingerprint))
    expect(namesIn(made.database)).toEqual([])
  })

  test('leaves authorities that were there before, and those that the certificate of a person needs', async () => {
    const made = homeWithChromium()
    const stores = storesOf(made)
    const upper = makeAuthority('Upper', makeAuthority('Root'))
    const lower = makeAuthority('Lower', upper)
    mkdirSync(made.database, { recursive: true })
    certutil(made.database, ['-N', '--empty-password'])
    certutil(made.database, ['-A', '-n', 'mine', '-t', ',,', '-i', put(upper.certificate)])
    const [ours, own] = [issued('ours', lower, [upper]), issued('own', lower, [])]
    await importInto(stores, chromium, ours.files)
    importByHand(made.database, own.files, 'my own')
    await stores.remove(removalOf(ours.fingerprint))
    expect(namesIn(made.database)).toEqual(['Lower', 'mine', 'my own'])
  })

  test('finds authorities with a colon in their name', async () => {
    const made = homeWithChromium()
    const stores = storesOf(made)
    const root = makeAuthority('okms:root')
    const { files, fingerprint } = issued('one', makeAuthority('okms:issuing', root), [root])
    await importInto(stores, chromium, files)
    expect(namesIn(made.database)).toEqual(['okmsissuing', 'prod'])
    await stores.remove(removalOf(fingerprint))
    expect(namesIn(made.database)).toEqual([])
  })

  test('leaves what a person put there, also under the name of a renewal', async () => {
    const made = homeWithChromium()
    const stores = storesOf(made)
    const [own, renewed] = [credential(), credential()]
    mkdirSync(made.database, { recursive: true })
    certutil(made.database, ['-N', '--empty-password'])
    importByHand(made.database, own.files, 'my own')

    for (const { files, fingerprint } of [own, renewed]) {
      const done = await importInto(stores, chromium, files)
      expect(done).toMatchObject({ canBeRemoved: false, certificate: { nickname: 'my own' } })
      const removal = stores.remove(removalOf(fingerprint))
      await expect(removal).rejects.toMatchObject({ code: 'not_found' })
    }
    expect(certutil(made.database, ['-K']).match(/^</gm)).toHaveLength(2)
  })

  test('from a store without a database finds nothing', async () => {
    const done = storesOf(homeWithChromium()).remove(removalOf(credential().fingerprint))
    await expect(done).rejects.toMatchObject({ code: 'not_found' })
  })
})
