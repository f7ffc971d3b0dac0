import { expect, test } from 'vitest'
import { buildCommand } from '../../cli/built-command'
import { clientSteps, everyStep, inClients, runs, servedByCommand } from './clients'

/** Debian's own: the first Python of the path may be another, without Debian's packages. */
const debianPython = '/usr/bin/python3'

interface Client {
  readonly name: string
  readonly words: readonly string[]
  readonly ways: readonly string[]
  /** What it shows beside {@link everyStep}. */
  readonly more?: readonly string[]
  readonly isThere: () => boolean
}

const node = (file: string) => [process.execPath, inClients(file)]
const clients: readonly Client[] = [
  {
    name: 'node-vault',
    words: node('node-vault.mjs'),
    ways: ['token', 'certificate'],
    isThere: () => true,
  },
  {
    name: '@litehex/node-vault',
    words: node('litehex.mjs'),
    ways: ['token'],
    isThere: () => true,
  },
  {
    name: 'hvac of Debian (package python3-hvac)',
    words: [debianPython, inClients('hvac_client.py')],
    ways: ['token', 'certificate'],
    isThere: () => runs(debianPython, '-c', 'import hvac'),
  },
  {
    name: 'curl of Debian (package curl)',
    words: node('curl.mjs'),
    ways: ['token', 'bearer', 'certificate', 'socket'],
    more: ['OKMS'],
    isThere: () => runs('curl', '--version'),
  },
]

buildCommand()
const served = servedByCommand()

for (const { name, words, ways, more = [], isThere } of clients) {
  // In CI all are installed, and one that is not there fails. Elsewhere it is skipped by its name.
  const isMissing = !process.env['CI'] && !isThere()
  for (const way of ways) {
    test.skipIf(isMissing)(`${name} does everything with ${way}`, async () => {
      const environment = { NODE_EXTRA_CA_CERTS: served.ready().caFile }
      const client = [...words, served.readyFile(), way]
      const { names, problems } = await clientSteps(client, environment)
      expect(problems).toEqual([])
      expect(names).toEqual([...everyStep, ...more])
    })
  }
}
