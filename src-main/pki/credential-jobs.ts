import type { CredentialReport, Pkcs12Profile } from '../contract/calls'
import type { Clock, RandomBytes } from '../env'
import type { CredentialFile } from './credential-files'
import { inspectCredentials, makePkcs12 } from './credential-tools'
import { type ExtractedPem, extractPem } from './pem-extraction'

/** What may be done with files that nobody has looked into: its input and its output. */
export interface CredentialJobs {
  readonly inspect: {
    readonly input: {
      readonly files: readonly CredentialFile[]
      readonly password: string | undefined
    }
    readonly output: CredentialReport
  }
  readonly makePkcs12: {
    readonly input: {
      readonly files: readonly CredentialFile[]
      readonly keyPassword: string | undefined
      readonly password: string
      readonly friendlyName: string
      readonly profile: Pkcs12Profile
    }
    readonly output: Uint8Array
  }
  readonly extractPem: {
    readonly input: {
      readonly files: readonly CredentialFile[]
      readonly keyPassword: string | undefined
      readonly newKeyPassword: string | undefined
    }
    readonly output: ExtractedPem
  }
}

/** The name of a job. */
export type CredentialJobName = keyof CredentialJobs

/** A job with its input. */
export type CredentialOrder = {
  readonly [N in CredentialJobName]: {
    readonly name: N
    readonly input: CredentialJobs[N]['input']
  }
}[CredentialJobName]

/** Does a job in this thread. @throws {CoffretError} as the functions behind it */
export async function performCredentialJob(
  order: CredentialOrder,
  { clock, random }: { readonly clock: Clock; readonly random: RandomBytes },
): Promise<CredentialJobs[CredentialJobName]['output']> {
  const now = clock.now()
  switch (order.name) {
    case 'inspect':
      return inspectCredentials(order.input.files, order.input.password, now)
    case 'makePkcs12':
      return makePkcs12({ ...order.input, random, now })
    case 'extractPem':
      return extractPem({ ...order.input, random, now })
  }
}
