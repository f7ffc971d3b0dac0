import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { temporaryFolder } from './new-vault'

/** A disk of its own, of so many KiB, at a folder. Whoever is root may have one, in most places. */
function mountSmallDisk(folder: string, kibibytes: number): boolean {
  const options = `size=${kibibytes}k,mode=0700`
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder])
  return status === 0
}

function unmount(folder: string): void {
  // Lazily: the driver may not have let go of the file yet.
  execFileSync('umount', ['-l', folder])
}

/** Whether this machine lets a test have disks of its own. */
export const canMount = (() => {
  const folder = mkdtempSync(join(tmpdir(), 'coffret-test-'))
  const mounted = mountSmallDisk(folder, 64)
  if (mounted) unmount(folder)
  rmSync(folder, { recursive: true })
  return mounted
})()

/** The folder of a disk of so many KiB, which goes when the test ends. */
export function smallDisk(kibibytes: number): string {
  const folder = join(temporaryFolder(), 'disk')
  mkdirSync(folder)
  expect(mountSmallDisk(folder, kibibytes)).toBe(true)
  onTestFinished(() => unmount(folder))
  return folder
}

/** Leaves so many pages free on a disk. @returns frees the rest again */
export function fill(folder: string, freePages: number): () => void {
  const { bavail, bsize } = statfsSync(folder)
  const filler = join(folder, 'filler')
  writeFileSync(filler, new Uint8Array((bavail - freePages) * bsize))
  return () => rmSync(filler)
}
