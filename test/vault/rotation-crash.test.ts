import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { randomNumbers, seed, times } from '../support/torture'
import { childProgram } from './child-program'
import { newVault, passphrase } from './new-vault'
import { contentOf, endingVault, proof, request } from './rotating'
import { canMount, fill, smallDisk } from './small-disk'
import { put } from './two-copies'

const program = childProgram('rotating-process')

/** Runs the program until it has said so many lines, and kills it. @returns whether it was done before */
async function runAndKill(file: string, lines: number): Promise<boolean> {
  const args = [program(), file, new TextDecoder().decode(passphrase)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let isDone = false
  let said = 0
  createInterface(child.stdout).on('line', (line) => {
    said += 1
    isDone ||= line === 'done'
    if (said === lines) child.kill('SIGKILL')
  })
  await new Promise((resolve) => child.on('close', resolve))
  return isDone
}

test(`V-12: killed at any moment it goes on to the same (seed ${seed})`, async () => {
  const random = randomNumbers(seed)
  for (let round = 0; round < times(1, 20); round += 1) {
    const { vault, file, unlock } = await newVault()
    for (let n = 0; n < 400; n += 1) await put(vault, `many/${n % 7}/${n}`, String(n))
    vault.close()
    let kills = 0
    for (let isDone = false; !isDone; kills += 1) {
      isDone = await runAndKill(file, kills > 8 ? 100_000 : 1 + random(30 + kills * 15))
      const opened = await unlock()
      const before = await contentOf(opened)
      expect(await opened.run('verify', undefined)).toMatchObject({ problemCount: 0 })
      expect(before.filter((row) => row.startsWith('version'))).toHaveLength(400 + kills)
      // Written between two crashes: it must not be lost.
      await put(opened, `many/0/0`, `after ${kills}`)
      opened.close()
    }
    expect(existsSync(`${file}.rotating`)).toBe(false)
    expect(kills).toBeGreaterThan(1)
  }
})

test.each(canMount ? ['a disk that is full'] : [])(
  'V-12: %s: a clear error, the vault as it was, and the next try works',
  async () => {
    const folder = smallDisk(2048)
    const { vault } = await endingVault({}, join(folder, 'test.coffret'))
    for (let n = 0; n < 100; n += 1) await put(vault, `many/${n}`, String(n))
    const before = await contentOf(vault)
    const go = () =>
      vault.rotation.begun() === undefined
        ? vault.rotation.start(request(vault))
        : vault.rotation.resume(proof())
    let refused = 0
    for (let pages = 0; pages < 160; pages += 7) {
      const free = fill(folder, pages)
      const failure = await go().then(
        () => undefined,
        (error: unknown) => error,
      )
      if (failure !== undefined) {
        refused += 1
        expect(failure, `${pages} pages`).toMatchObject({ code: 'storage' })
      }
      free()
      expect(await contentOf(vault)).toEqual(before)
      if (failure === undefined) break
    }
    expect(refused).toBeGreaterThan(5)
    expect(vault.rotation.begun()).toBeUndefined()
    expect(await vault.run('verify', undefined)).toMatchObject({ problemCount: 0 })
  },
)
