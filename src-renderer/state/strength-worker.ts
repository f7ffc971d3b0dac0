import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import * as common from '@zxcvbn-ts/language-common'
import * as english from '@zxcvbn-ts/language-en'
import * as french from '@zxcvbn-ts/language-fr'
import { randomBelow } from './password'
import type { Strength } from './strength'

/** What the window asks of the worker. */
export type StrengthRequest =
  | {
      readonly id: number
      readonly kind: 'check'
      readonly text: string
      readonly inputs: string[]
    }
  | { readonly id: number; readonly kind: 'suggest' }

/** What it answers. */
export type StrengthAnswer =
  | { readonly id: number; readonly kind: 'check'; readonly strength: Strength }
  | { readonly id: number; readonly kind: 'suggest'; readonly passphrase: string }

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...common.dictionary, ...english.dictionary, ...french.dictionary },
  graphs: common.adjacencyGraphs,
})

// Longer text is strong anyway, and the time grows with the square of the length.
const scoredLength = 100
/** Six words of a list of 7,776: 77 bits. */
const suggestedWords = 6

function check(text: string, inputs: string[]): Strength {
  const result = zxcvbn.check(text.slice(0, scoredLength), inputs)
  return {
    score: result.score,
    crackSeconds: result.crackTimes.offlineSlowHashingXPerSecond.seconds,
    warning: result.feedback.warning,
    suggestions: result.feedback.suggestions,
  }
}

function suggest(): string {
  const words = common.dictionary['diceware-common']
  return Array.from({ length: suggestedWords }, () => words[randomBelow(words.length)]).join(' ')
}

self.addEventListener('message', ({ data }: MessageEvent<StrengthRequest>) => {
  const answer: StrengthAnswer =
    data.kind === 'check'
      ? { id: data.id, kind: 'check', strength: check(data.text, data.inputs) }
      : { id: data.id, kind: 'suggest', passphrase: suggest() }
  self.postMessage(answer)
})
