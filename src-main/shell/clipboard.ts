import { createHmac, timingSafeEqual } from 'node:crypto'
import type { AppEvent } from '../contract/events'
import type { EpochMs } from '../contract/model'
import type { Clock, RandomBytes } from '../env'
import type { ClipboardPort } from '../ipc/ports'
import type { Timers } from './timers'

/** `primary` is what X11 and Wayland paste with the middle button. */
export type Selection = 'clipboard' | 'primary'

/** The clipboard as a device: it knows nothing of secrets but how to mark one. */
export interface ClipboardDevice {
  readonly hasPrimary: boolean
  readText(selection: Selection): Promise<string>
  writeText(text: string): Promise<void>
  /** Writes text together with the hint that histories should not keep it, where that is possible. */
  writeSecret(text: string): Promise<void>
  clear(selection: Selection): Promise<void>
}

/** What the clipboard stands on. */
export interface SecretClipboardOptions {
  readonly device: ClipboardDevice
  readonly clock: Clock
  readonly random: RandomBytes
  readonly timers: Timers
  /** How long a value stays; 0 until the app locks or ends. */
  readonly secondsToClear: () => number
  readonly emit: (event: AppEvent) => void
}

/** How long after a clearing that the system refused it is tried again, in milliseconds. */
const retryMs = 1000

/**
 * A clipboard from which our values go away again: after a time, on lock, at the end. What somebody
 * else has put there since is left alone; to know it, a keyed hash of our value is kept, not the value.
 */
export class SecretClipboard implements ClipboardPort {
  readonly #hashKey: Uint8Array
  #ours: Buffer | undefined
  #stopTimer: () => void = () => undefined
  /** Accesses happen one after the other: a clearing must not meet the next copy half way. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(private readonly options: SecretClipboardOptions) {
    this.#hashKey = options.random(32)
  }

  copySecret(text: string): Promise<EpochMs | undefined> {
    return this.#next(async () => {
      const { device, clock, secondsToClear, emit } = this.options
      await device.writeSecret(text)
      this.#ours = this.#hash(text)
      this.#stopTimer()
      const seconds = secondsToClear()
      if (seconds === 0) {
        emit({ name: 'clipboard.changed' })
        return undefined
      }
      const clearsAt = (clock.now() + seconds * 1000) as EpochMs
      this.#clearAfter(seconds * 1000)
      emit({ name: 'clipboard.changed', clearsAt })
      return clearsAt
    })
  }

  copyText(text: string): Promise<void> {
    return this.#next(async () => {
      await this.options.device.writeText(text)
      await this.#clearSelection('primary')
      this.#forget()
    })
  }

  clear(): Promise<void> {
    return this.#next(async () => {
      await this.#clearSelection('clipboard')
      await this.#clearSelection('primary')
      this.#forget()
    })
  }

  #clearAfter(milliseconds: number): void {
    this.#stopTimer = this.options.timers.after(milliseconds, () => {
      // Until it is gone the window goes on saying that it is there.
      this.clear().catch(() => this.#clearAfter(retryMs))
    })
  }

  async #clearSelection(selection: Selection): Promise<void> {
    const { device } = this.options
    if (this.#ours === undefined || (selection === 'primary' && !device.hasPrimary)) return
    const present = this.#hash(await device.readText(selection))
    if (timingSafeEqual(present, this.#ours)) await device.clear(selection)
  }

  #forget(): void {
    if (this.#ours === undefined) return
    this.#ours = undefined
    this.#stopTimer()
    this.options.emit({ name: 'clipboard.changed' })
  }

  #hash(text: string): Buffer {
    return createHmac('sha256', this.#hashKey).update(text).digest()
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }
}
