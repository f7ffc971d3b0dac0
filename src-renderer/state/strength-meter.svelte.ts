import type { Strength } from './strength'
import type { StrengthAnswer, StrengthRequest } from './strength-worker'
import workerUrl from './strength-worker?worker&url'

/** The part of the Trusted Types API that is used; TypeScript does not know it. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string }
}

function startWorker(): Worker {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
  const policy = trustedTypes?.createPolicy('coffret', {
    createScriptURL: (url) => {
      if (url !== workerUrl) throw new TypeError('not our worker')
      return url
    },
  })
  return new Worker(policy?.createScriptURL(workerUrl) ?? workerUrl)
}

let worker: Worker | undefined
const waiting = new Map<number, (answer: StrengthAnswer) => void>()
let lastId = 0

/** The dictionaries take megabytes: the worker starts at the first question and stays. */
function ask(request: { kind: 'suggest' } | { kind: 'check'; text: string; inputs: string[] }) {
  if (worker === undefined) {
    worker = startWorker()
    worker.addEventListener('message', ({ data }: MessageEvent<StrengthAnswer>) => {
      waiting.get(data.id)?.(data)
      waiting.delete(data.id)
    })
  }
  const id = ++lastId
  const message: StrengthRequest = { ...request, id }
  worker.postMessage(message)
  return new Promise<StrengthAnswer>((resolve) => waiting.set(id, resolve))
}

/** Six random words. */
export async function suggestPassphrase(): Promise<string> {
  const answer = await ask({ kind: 'suggest' })
  return answer.kind === 'suggest' ? answer.passphrase : ''
}

/** The strength of what is being typed; undefined until it is known. */
export class StrengthMeter {
  strength = $state.raw<Strength>()
  #asked = 0
  #last: Promise<void> = Promise.resolve()

  measure(text: string, inputs: string[]): Promise<void> {
    this.#last = this.#measure(text, inputs)
    return this.#last
  }

  /** Resolves when the last text has been measured. */
  settled(): Promise<void> {
    return this.#last
  }

  async #measure(text: string, inputs: string[]): Promise<void> {
    const turn = ++this.#asked
    if (text === '') {
      this.strength = undefined
      return
    }
    const answer = await ask({ kind: 'check', text: text.normalize('NFC'), inputs })
    if (turn === this.#asked && answer.kind === 'check') this.strength = answer.strength
  }
}
