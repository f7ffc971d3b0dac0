import { join } from 'node:path'
import { VaultId } from '../../../src-main/contract/model'
import { systemClock, systemRandom } from '../../../src-main/env'
import { createAuthority, openAuthority } from '../../../src-main/pki/authority'
import { credentialThreads } from '../../../src-main/pki/credential-threads'
import * as part from '../../pki/pkcs12-parts'
import type { Result } from '../result'
import { alternate, median, timed } from '../timing'
import type { Workplace } from '../workplace'
import { goalsAt } from './versus'

/** The most that a size of ASN.1 or of an algorithm says here. */
const most = 2 ** 31 - 1

/** Files that are meant to harm: security.md, A-07 and A-08. */
async function bombs(): Promise<Readonly<Record<string, Buffer>>> {
  const vaultId = VaultId.parse('0a1b2c3d-1111-4222-8333-44445555666f')
  const chance = { now: systemClock.now(), random: systemRandom }
  const made = await createAuthority({ vaultId, label: 'bench', ...chance })
  const { certificatePem } = await openAuthority(made)
  const rounds = part.encrypted(part.pbes2(part.pbkdf2(most)))
  return {
    'a MAC of 2³¹ rounds': part.pfx([part.plain(Buffer.alloc(0))], [part.macData(most)]),
    'PBES2 of 2³¹ rounds': part.pfx([rounds]),
    'a key bag of 2³¹ rounds': part.pfx([part.plain(part.shroudedKey(part.tripleDes(most)))]),
    'scrypt of 512 GiB': part.pfx([part.encrypted(part.pbes2(part.scrypt(2 ** 30, 4, 1)))]),
    '10,000 levels': Buffer.from('3080'.repeat(10_000), 'hex'),
    'a chain of 5,000': Buffer.from(certificatePem.repeat(5000)),
    'PEM of 1,000,000 lines': Buffer.from(
      `-----BEGIN CERTIFICATE-----\n${'\n'.repeat(1_000_000)}-----END CERTIFICATE-----\n`,
    ),
  }
}

/** How long a file that is meant to harm takes to be refused, with the start of the thread that reads it. */
export async function measureRefusing(place: Workplace, programs: string): Promise<Result[]> {
  const { inspect } = credentialThreads(join(programs, 'credential-worker.cjs'))
  const refuse = (bytes: Buffer) => async () => {
    let isRefused = false
    const took = await timed(async () => {
      const files = [{ name: 'file', bytes: new Uint8Array(bytes) }]
      const report = await inspect({ files, password: 'word' })
      isRefused = report.problems.length > 0 || report.files.some(({ problem }) => problem)
    })
    if (!isRefused) throw new Error('bench: a file that is meant to harm was taken')
    return took
  }
  const actions = Object.fromEntries(
    Object.entries(await bombs()).map(([name, bytes]) => [name, refuse(bytes)]),
  )
  const samples = await alternate(Math.ceil(20 * place.options.effort), actions)
  return Object.entries(samples).map(([name, took]) => ({
    ...{ measure: `refuse ${name}`, unit: 'ms', value: median(took) },
    ...goalsAt(place.options.size, { atMost: 100 }),
  }))
}
