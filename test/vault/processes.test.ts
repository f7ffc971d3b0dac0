import { expect, test } from 'vitest'
import { SecretPath, VersionNumber } from '../../src-main/contract/model'
import { times } from '../support/torture'
import { childProgram } from './child-program'
import { newVault, secretMount } from './new-vault'
import { startWriter } from './writer'

const program = childProgram('writer-process')

test.each([
  ['two programs', 2, times(200, 1000)],
  ['three programs', 3, times(30, 500)],
])('V-19: %s that write at once lose nothing', async (_, count, each) => {
  const { vault, file, recoveryWords: words } = await newVault()
  const store = vault.store(secretMount)
  await store.writeConfig({ maxVersions: 10_000 })
  const path = 'shared/x'
  const writers = Array.from({ length: count }, (_one, at) =>
    startWriter(program(), { file, words, path, first: at * 10_000, count: each }),
  )
  for (const writer of writers) writer.begin()
  const codes = await Promise.all(writers.map((writer) => writer.ended))
  expect(codes).toEqual(writers.map(() => 0))
  const all = writers.flatMap(({ acknowledged }) => acknowledged)
  all.sort((a, b) => a.version - b.version)
  expect(all.map(({ version }) => version)).toEqual(
    Array.from({ length: count * each }, (_one, at) => at + 1),
  )
  for (const { n, version } of all) {
    const found = await store.readVersion(SecretPath.parse(path), VersionNumber.parse(version))
    expect(JSON.parse(found.data ?? '{}')).toHaveProperty('n', n)
  }
})
