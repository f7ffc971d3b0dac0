import { parentPort, workerData } from 'node:worker_threads'
import { systemClock as clock, systemRandom as random } from './env'
import { type CredentialOrder, performCredentialJob } from './pki/credential-jobs'
import type { CredentialMessage } from './pki/credential-threads'

/** The thread that reads certificate, key and PKCS#12 files from strangers, once. */
const say = (message: CredentialMessage): void => parentPort?.postMessage(message)

performCredentialJob(workerData as CredentialOrder, { clock, random }).then(
  (result) => say({ kind: 'done', result }),
  (error: Error & { code?: string; field?: string }) => {
    const { code, field, message } = error
    say({ kind: 'failed', code, field, message })
  },
)
