import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  statfsSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock, systemRandom } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'
import type { VaultOptions } from '../../src-main/vault/vault-options'
import { makeVault, type Fixture } from './fixture'
import type { BenchOptions } from './options'

/** A vault in the cache. */
export interface KeptVault {
  readonly file: string
  readonly words: string
}

/** Sets of vaults that are kept beside the current one, since a source changes often. */
const keptSets = 1

/** Where the bench works: the vaults it keeps, and copies of them that go when it ends. */
export class Workplace {
  readonly #work: string
  readonly #vaults: string
  #copies = 0

  constructor(
    readonly options: BenchOptions,
    private readonly say: (text: string) => void,
  ) {
    mkdirSync(options.cache, { recursive: true, mode: 0o700 })
    this.#vaults = join(options.cache, `vaults-${options.key}`)
    this.#work = mkdtempSync(join(options.cache, 'work-'))
  }

  /** The vault of a fixture, made if it is not there. It is not to be written to. */
  async vault(fixture: Fixture): Promise<KeptVault> {
    mkdirSync(this.#vaults, { recursive: true })
    utimesSync(this.#vaults, new Date(), new Date())
    const file = join(this.#vaults, `${fixture.size}x${fixture.versions}.coffret`)
    if (!existsSync(file)) await this.#make(file, fixture)
    return { file, words: readFileSync(`${file}.words`, 'utf8') }
  }

  /** A copy that may be written to, on the disk of the cache. */
  copy(file: string): string {
    this.#copies += 1
    const copy = join(this.#work, `${this.#copies}.coffret`)
    copyFileSync(file, copy, constants.COPYFILE_FICLONE)
    this.#settle(copy)
    return copy
  }

  /** A name for a file that goes when the bench ends. */
  file(name: string): string {
    return join(this.#work, name)
  }

  /** Removes the copies, and vaults of sources that are gone. */
  close(): void {
    rmSync(this.#work, { recursive: true, force: true })
    const others = readdirSync(this.options.cache)
      .filter((name) => name.startsWith('vaults-'))
      .map((name) => join(this.options.cache, name))
      .filter((folder) => folder !== this.#vaults)
      .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
    for (const folder of others.slice(keptSets)) rmSync(folder, { recursive: true, force: true })
  }

  /** Made in memory where there is room, since each transaction waits for the disk; whole or not there. */
  async #make(file: string, fixture: Fixture): Promise<void> {
    const began = performance.now()
    const { size, versions } = fixture
    this.say(`making a vault of ${size.toLocaleString('en')} secrets × ${versions}…`)
    const folder = mkdtempSync(join(fastFolder(size * (versions + 2) * 2000), 'coffret-bench-'))
    try {
      const made = join(folder, 'made.coffret')
      writeFileSync(`${file}.words`, await makeVault(made, fixture), { mode: 0o600 })
      copyFileSync(made, `${file}.unfinished`)
      this.#settle(`${file}.unfinished`)
      renameSync(`${file}.unfinished`, file)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    this.say(`made in ${((performance.now() - began) / 1000).toFixed(0)} s`)
  }

  /** Brings a file to the disk, so that writing it does not fall into what is measured next. */
  #settle(file: string): void {
    const handle = openSync(file, 'r+')
    fsyncSync(handle)
    closeSync(handle)
  }
}

/**
 * Opens a vault and unlocks it without a slow key derivation.
 * @param more what is not as in a program that does one thing at a time
 */
export async function openVault(
  { file, words }: KeptVault,
  more: Pick<VaultOptions, 'search' | 'sharesTurns'> = {},
): Promise<LocalVault> {
  const vault = LocalVault.open({ file, clock: systemClock, random: systemRandom, ...more })
  await vault.unlockWithRecoveryWords(words)
  return vault
}

/** Brings a file into the system's cache: what is measured is the engine, not when the system gives a file up. */
export function readThrough(file: string): void {
  const opened = openSync(file, 'r')
  const piece = Buffer.alloc(1024 * 1024)
  try {
    while (readSync(opened, piece) > 0);
  } finally {
    closeSync(opened)
  }
}

function fastFolder(bytes: number): string {
  const memory = '/dev/shm'
  if (!existsSync(memory)) return tmpdir()
  const { bavail, bsize } = statfsSync(memory)
  return bavail * bsize > bytes ? memory : tmpdir()
}
