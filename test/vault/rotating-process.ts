import { writeSync } from 'node:fs'
import { systemClock as clock, systemRandom as random } from '../../src-main/env'
import { performJob } from '../../src-main/vault/jobs/jobs'
import { LocalVault } from '../../src-main/vault/local-vault'

/**
 * A program that replaces the data key of a vault, or goes on doing so. It says a line at each step, so
 * that it can be killed there, and one more when all is done. Arguments: file, passphrase.
 */
const [file = '', passphrase = ''] = process.argv.slice(2)
const bytes = new TextEncoder().encode(passphrase)
const proof = { kind: 'passphrase', passphrase: bytes } as const
const say = (line: string) => void writeSync(1, `${line}\n`)

const vault = LocalVault.open({
  ...{ file, clock, random, busyTimeoutMs: 1000 },
  jobs: async (order) => {
    const isCancelled = () => {
      say('step')
      return false
    }
    return performJob(order, { onProgress: () => undefined, isCancelled }, { clock, random })
  },
})
await vault.unlockWithPassphrase(bytes)
if (vault.rotation.begun() === undefined) {
  await vault.rotation.start({ proof, words: vault.keys.newRecoveryWords().join(' ') })
} else {
  await vault.rotation.resume(proof)
}
vault.close()
say('done')
