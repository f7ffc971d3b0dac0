import { describe, expect, test } from 'vitest'
import type { AppEvent } from '../../src-main/contract/events'
import { systemRandom } from '../../src-main/env'
import {
  SecretClipboard,
  type ClipboardDevice,
  type Selection,
} from '../../src-main/shell/clipboard'
import { FakeTime, settled } from './fake-timers'

/** A device in memory; `secrets` are the texts that came with the hint. */
class FakeDevice implements ClipboardDevice {
  readonly texts = { clipboard: '', primary: '' }
  readonly secrets: string[] = []
  constructor(readonly hasPrimary = true) {}
  async readText(selection: Selection): Promise<string> {
    if (selection === 'primary' && !this.hasPrimary) throw new Error('no primary')
    return this.texts[selection]
  }
  async writeText(text: string): Promise<void> {
    this.texts.clipboard = text
  }
  async writeSecret(text: string): Promise<void> {
    await settled()
    this.secrets.push(text)
    this.texts.clipboard = text
  }
  async clear(selection: Selection): Promise<void> {
    this.texts[selection] = ''
  }
}

function newClipboard({ seconds = 20, device = new FakeDevice() } = {}) {
  const time = new FakeTime()
  const events: AppEvent[] = []
  const clipboard = new SecretClipboard({
    device,
    clock: time,
    random: systemRandom,
    timers: time,
    secondsToClear: () => seconds,
    emit: (event) => void events.push(event),
  })
  return { clipboard, device, time, events }
}

describe('a copied value', () => {
  test('is marked as a secret and leaves after its time', async () => {
    const { clipboard, device, time, events } = newClipboard()
    const clearsAt = await clipboard.copySecret('one')
    expect(clearsAt).toBe(time.now() + 20_000)
    expect(device.secrets).toEqual(['one'])
    await time.advance(19_999)
    expect(device.texts.clipboard).toBe('one')
    await time.advance(1)
    expect(device.texts.clipboard).toBe('')
    expect(events).toEqual([{ name: 'clipboard.changed', clearsAt }, { name: 'clipboard.changed' }])
  })

  test('stays for ever at 0 seconds, but leaves when it is cleared', async () => {
    const { clipboard, device, time } = newClipboard({ seconds: 0 })
    expect(await clipboard.copySecret('one')).toBeUndefined()
    expect(time.running).toBe(0)
    await clipboard.clear()
    expect(device.texts.clipboard).toBe('')
  })

  test('restarts the time when something is copied again', async () => {
    const { clipboard, device, time } = newClipboard()
    await clipboard.copySecret('one')
    await time.advance(15_000)
    await clipboard.copySecret('two')
    expect(time.running).toBe(1)
    await time.advance(19_999)
    expect(device.texts.clipboard).toBe('two')
    await time.advance(1)
    expect(device.texts.clipboard).toBe('')
  })

  test('that somebody has replaced is left alone', async () => {
    const { clipboard, device, time, events } = newClipboard()
    await clipboard.copySecret('one')
    device.texts.clipboard = 'a letter'
    await time.advance(20_000)
    expect(device.texts.clipboard).toBe('a letter')
    expect(events.at(-1)).toEqual({ name: 'clipboard.changed' })
  })

  test('leaves the primary selection too, if it is there', async () => {
    const { clipboard, device } = newClipboard()
    await clipboard.copySecret('one')
    device.texts.primary = 'one'
    await clipboard.clear()
    expect(device.texts).toEqual({ clipboard: '', primary: '' })
  })

  test('leaves another primary selection alone', async () => {
    const { clipboard, device } = newClipboard()
    await clipboard.copySecret('one')
    device.texts.primary = 'marked elsewhere'
    await clipboard.clear()
    expect(device.texts.primary).toBe('marked elsewhere')
  })

  test('asks for no primary selection where there is none', async () => {
    const { clipboard, device } = newClipboard({ device: new FakeDevice(false) })
    await clipboard.copySecret('one')
    await clipboard.clear()
    expect(device.texts.clipboard).toBe('')
  })
})

describe('clearing', () => {
  test('does nothing when nothing is ours', async () => {
    const { clipboard, device, events } = newClipboard()
    device.texts.clipboard = ''
    await clipboard.clear()
    device.texts.clipboard = 'a letter'
    await clipboard.clear()
    expect(device.texts.clipboard).toBe('a letter')
    expect(events).toEqual([])
  })

  test('waits for a copy that is under way', async () => {
    const { clipboard, device } = newClipboard()
    const copied = clipboard.copySecret('one')
    const cleared = clipboard.clear()
    await Promise.all([copied, cleared])
    expect(device.texts.clipboard).toBe('')
  })

  test('that the system refuses is said, tried again, and does not stop the next copy', async () => {
    const { clipboard, device, time, events } = newClipboard()
    await clipboard.copySecret('one')
    const clear = device.clear
    device.clear = async () => {
      throw new Error('refused')
    }
    await expect(clipboard.clear()).rejects.toThrow('refused')
    await time.advance(20_000)
    // Nobody is told that the value is gone while it is there.
    expect(events).toHaveLength(1)
    device.clear = clear
    await time.advance(1000)
    expect(device.texts.clipboard).toBe('')
    await clipboard.copySecret('two')
    expect(device.texts.clipboard).toBe('two')
  })
})

test('text that is no secret stays, and ends the time of the value before', async () => {
  const { clipboard, device, time, events } = newClipboard()
  await clipboard.copySecret('one')
  await clipboard.copyText('app/db')
  expect(time.running).toBe(0)
  await clipboard.clear()
  expect(device.texts.clipboard).toBe('app/db')
  expect(events.at(-1)).toEqual({ name: 'clipboard.changed' })
})
