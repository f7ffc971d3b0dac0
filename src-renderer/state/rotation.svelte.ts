import { CoffretError } from '../../src-main/contract/errors'
import type { NamedPlace } from '../../src-main/contract/check-calls'
import type { CallOutput } from '../../src-main/contract/calls'
import type { KeyProof } from '../../src-main/contract/key-slots'
import type { VaultId } from '../../src-main/contract/model'
import type { RotationOutcome } from '../../src-main/contract/rotation-calls'
import { call } from '../bridge'

/** Replacing the data key of the vault on the screen: at most one at a time. */
export class Rotation {
  /** One that was interrupted. */
  begun = $state.raw<CallOutput<'rotation.begun'>>()
  isWorking = $state(false)
  isDone = $state(false)
  /** What does not authenticate; nothing was changed. */
  damaged = $state.raw<NamedPlace>()
  error = $state.raw<unknown>()

  constructor(readonly vault: VaultId) {}

  /** Looks whether one was interrupted. */
  async load(): Promise<void> {
    try {
      this.begun = await call('rotation.begun', { vault: this.vault })
    } catch (error) {
      this.error = error
    }
  }

  /** Forgets how the last one ended. */
  reset(): void {
    this.isDone = false
    this.damaged = this.error = undefined
  }

  /** @param keyFiles those that are to go on opening the vault */
  async start(
    proof: () => Promise<KeyProof>,
    words: string,
    keyFiles: () => Promise<Uint8Array[]>,
  ): Promise<void> {
    const { vault } = this
    await this.#run(async () =>
      call('rotation.start', { vault, words, proof: await proof(), keyFiles: await keyFiles() }),
    )
  }

  async resume(proof: () => Promise<KeyProof>): Promise<void> {
    const { vault } = this
    await this.#run(async () => call('rotation.resume', { vault, proof: await proof() }))
  }

  async discard(): Promise<void> {
    this.reset()
    try {
      await call('rotation.discard', { vault: this.vault })
    } catch (error) {
      this.error = error
    }
    await this.load()
  }

  /** Stops; what is done stays, for going on. */
  async stop(): Promise<void> {
    await call('rotation.cancel', { vault: this.vault })
  }

  async #run(work: () => Promise<RotationOutcome>): Promise<void> {
    if (this.isWorking) return
    this.reset()
    this.isWorking = true
    try {
      const { damaged } = await work()
      this.damaged = damaged
      this.isDone = damaged === undefined
    } catch (error) {
      if (!(error instanceof CoffretError && error.code === 'cancelled')) this.error = error
    }
    this.isWorking = false
    await this.load()
  }
}
