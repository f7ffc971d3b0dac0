import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accepts, problemsOf } from './acceptance'
import { accepted } from './accepted'
import { differences, normalForm, type Difference } from './normal-form'
import { CoffretPeer, OpenBaoPeer, type Peer } from './peers'
import { stepName } from './script'
import { scripts } from './scripts'

let coffret: CoffretPeer
let openBao: OpenBaoPeer
const seen: Difference[] = []

beforeAll(async () => {
  openBao = OpenBaoPeer.started()
  coffret = await CoffretPeer.create()
})
afterAll(() => coffret?.close())

describe.each(scripts)('$name', (script) => {
  beforeAll(() => Promise.all([newMounts(coffret), newMounts(openBao)]))

  test.each(script.steps.map((step) => [step[0], step] as const))('%s', async (_, step) => {
    const [ours, theirs] = await Promise.all([coffret.send(step), openBao.send(step)])
    const found = differences(normalForm(ours), normalForm(theirs), step[3]?.inOrder)
    seen.push(...found)
    expect(problemsOf(stepName(script, step), found, accepted)).toEqual({
      unexpected: [],
      gone: [],
    })
  })
})

test.each(accepted.filter(({ steps }) => steps === 'every'))('everywhere: $what', (row) => {
  expect(seen.some((one) => accepts(row, one))).toBe(true)
})

/** Two mounts with nothing in them, so that no script depends on another. */
async function newMounts(peer: Peer): Promise<void> {
  for (const version of ['1', '2']) {
    await peer.send(['', `DELETE sys/mounts/kv${version}`])
    const made = { type: 'kv', options: { version } }
    const { status, text } = await peer.send(['', `POST sys/mounts/kv${version}`, made])
    if (status !== 204) throw new Error(`no mount kv${version}: ${text}`)
  }
  // OpenBao prepares a mount of version 2 after it has made it.
  while ((await peer.send(['', 'GET kv2/config'])).status !== 200) await delay(20)
}
