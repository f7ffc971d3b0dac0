import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { MountName, SecretData, SecretPath } from '../../src-main/contract/model'
import { systemRandom } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'
import { Database } from '../../src-main/vault/database'
import { createVaultFile } from '../../src-main/vault/vault-file'
import { cheapKdf, kvMount, newVault, passphrase, secretMount, temporaryFolder } from './new-vault'

const path = SecretPath.parse('app/db')
const data = SecretData.parse('{"user":"ann"}')
const failing = (code: string) => expect.objectContaining({ code })
const bytes = (text: string) => new TextEncoder().encode(text)

describe('creating', () => {
  test('gives an unlocked vault with the two mounts, and 24 words', async () => {
    const { vault, recoveryWords, file } = await newVault()
    expect(vault.isLocked).toBe(false)
    expect(vault).toMatchObject({ file, label: 'test' })
    expect(vault.stores().map((store) => store.id)).toEqual([
      `${vault.id}/secret`,
      `${vault.id}/kv`,
    ])
    expect(recoveryWords).toHaveLength(24)
  })

  test('V-14: leaves nothing beside the file, which only its owner reads, whatever the umask', async () => {
    for (const umask of [0, 0o022, 0o077]) {
      const before = process.umask(umask)
      try {
        const { file, vault } = await newVault()
        await vault.store(secretMount).write(path, { mode: 'create', data })
        expect(statSync(file).mode & 0o777).toBe(0o600)
        expect(statSync(`${file}-journal`)).toMatchObject({ size: 0 })
        expect(statSync(`${file}-journal`).mode & 0o777).toBe(0o600)
        vault.close()
        expect(existsSync(`${file}-journal`)).toBe(false)
      } finally {
        process.umask(before)
      }
    }
  })

  test('V-14: never writes over a file, nor over a link', async () => {
    const file = join(temporaryFolder(), 'there.coffret')
    writeFileSync(file, 'precious')
    await expect(newVault(file)).rejects.toThrow(failing('exists'))
    expect(readFileSync(file, 'utf8')).toBe('precious')
  })

  test('says when the folder is not there', async () => {
    const file = join(temporaryFolder(), 'no', 'where.coffret')
    await expect(newVault(file)).rejects.toThrow(failing('not_found'))
  })

  test.each([
    ['an empty passphrase', new Uint8Array(), cheapKdf, 'invalid'],
    ['1,025 bytes of passphrase', new Uint8Array(1025), cheapKdf, 'invalid'],
    ['too little memory', passphrase, { ...cheapKdf, memoryKib: 8 }, 'kdf_bounds'],
  ])('with %s makes no file', async (_, words, kdf, code) => {
    const { options } = await newVault()
    const file = join(temporaryFolder(), 'new.coffret')
    const created = LocalVault.create({ ...options, file, passphrase: words, kdf })
    await expect(created).rejects.toThrow(failing(code))
    expect(existsSync(file)).toBe(false)
  })

  test('a failure while laying out leaves the name free', async () => {
    const { options } = await newVault()
    const file = join(temporaryFolder(), 'new.coffret')
    let calls = 0
    // The eleventh draw is made after the file was created.
    const random = (length: number) => {
      calls += 1
      if (calls > 10) throw new Error('the random source failed')
      return systemRandom(length)
    }
    const created = LocalVault.create({ ...options, file, random, passphrase, kdf: cheapKdf })
    await expect(created).rejects.toThrow('the random source failed')
    expect(existsSync(file)).toBe(false)
  })

  test.each(['exists', 'created'])('wipes the keys that it made: %s', async (outcome) => {
    const { options, file } = await newVault()
    const drawn: Uint8Array[] = []
    const random = (length: number) => {
      const drawnNow = systemRandom(length)
      drawn.push(drawnNow)
      return drawnNow
    }
    const target = outcome === 'exists' ? file : join(temporaryFolder(), 'new.coffret')
    const creating = LocalVault.create({
      ...options,
      file: target,
      random,
      passphrase,
      kdf: cheapKdf,
    })
    if (outcome === 'exists') await expect(creating).rejects.toThrow(failing('exists'))
    else (await creating).vault.close()
    // The data key and the recovery key; the other draws of 32 bytes are salts.
    expect(drawn.filter((bytes) => bytes.every((byte) => byte === 0))).toHaveLength(2)
  })

  test('does not wipe the passphrase of the caller', async () => {
    const { unlock } = await newVault()
    await unlock()
    expect(new TextDecoder().decode(passphrase)).toContain('canary')
  })
})

describe('unlocking', () => {
  test('what was written is there after a restart', async () => {
    const { vault, unlock, clock } = await newVault()
    await vault.store(secretMount).write(path, { mode: 'create', data })
    await vault.store(kvMount).write(path, { mode: 'create', data: SecretData.parse('{}') })
    vault.close()
    clock.advance(1000)
    const again = await unlock()
    expect(again.id).toBe(vault.id)
    expect((await again.store(secretMount).readVersion(path)).data).toBe(data)
    expect((await again.store(kvMount).readVersion(path)).data).toBe('{}')
  })

  test('a locked vault gives nothing', async () => {
    const { vault, open } = await newVault()
    const store = vault.store(secretMount)
    await store.write(path, { mode: 'create', data })
    vault.lock()
    expect(vault.isLocked).toBe(true)
    await expect(store.readVersion(path)).rejects.toThrow(failing('locked'))
    await expect(store.write(path, { mode: 'update', data })).rejects.toThrow(failing('locked'))
    for (const locked of [vault, open()]) {
      expect(() => locked.stores()).toThrow(failing('locked'))
      expect(() => locked.store(secretMount)).toThrow(failing('locked'))
      expect(() => locked.drafts.list()).toThrow(failing('locked'))
    }
    await vault.unlockWithPassphrase(passphrase)
    expect((await store.readVersion(path)).data).toBe(data)
  })

  test.each([
    ['another passphrase', 'canary-passphrase-7f3b', 'wrong_passphrase'],
    ['a shorter one', 'canary', 'wrong_passphrase'],
    ['none', '', 'invalid'],
  ])('%s changes nothing', async (_, wrong, code) => {
    const { vault, open, file } = await newVault()
    vault.close()
    const before = readFileSync(file)
    const opened = open()
    await expect(opened.unlockWithPassphrase(bytes(wrong))).rejects.toThrow(failing(code))
    expect(opened.isLocked).toBe(true)
    expect(readFileSync(file)).toEqual(before)
  })

  test('takes the recovery words, and not those of another vault', async () => {
    const { open, recoveryWords } = await newVault()
    const other = await newVault()
    const opened = open()
    const wrong = opened.unlockWithRecoveryWords(other.recoveryWords.join(' '))
    await expect(wrong).rejects.toThrow(failing('wrong_passphrase'))
    await opened.unlockWithRecoveryWords(`  ${recoveryWords.join('\n').toUpperCase()} `)
    expect(opened.isLocked).toBe(false)
  })

  test('a closed vault says so', async () => {
    const { vault } = await newVault()
    vault.close()
    await expect(vault.unlockWithPassphrase(passphrase)).rejects.toThrow(failing('storage'))
    vault.close()
  })

  test('that comes after locking does not unlock', async () => {
    const { open } = await newVault()
    const opened = open()
    const unlocking = opened.unlockWithPassphrase(passphrase)
    opened.lock()
    await expect(unlocking).rejects.toThrow(failing('cancelled'))
    expect(opened.isLocked).toBe(true)
  })

  test('a caller may wipe its passphrase at once', async () => {
    const { open } = await newVault()
    const opened = open()
    const mine = passphrase.slice()
    const unlocking = opened.unlockWithPassphrase(mine)
    mine.fill(0)
    await unlocking
    expect(opened.isLocked).toBe(false)
  })

  test('a mount that is not there is not found', async () => {
    const { vault } = await newVault()
    expect(() => vault.store(MountName.parse('other'))).toThrow(failing('not_found'))
  })
})

describe('changing the passphrase', () => {
  test('the new one opens, the old one does not, the words still do', async () => {
    const { vault, open, recoveryWords } = await newVault()
    await vault.store(secretMount).write(path, { mode: 'create', data })
    await vault.changePassphrase(passphrase, bytes('next'))
    const opened = open()
    const old = opened.unlockWithPassphrase(passphrase)
    await expect(old).rejects.toThrow(failing('wrong_passphrase'))
    await opened.unlockWithPassphrase(bytes('next'))
    expect((await opened.store(secretMount).readVersion(path)).data).toBe(data)
    opened.lock()
    await opened.unlockWithRecoveryWords(recoveryWords.join(' '))
    expect((await vault.store(secretMount).readVersion(path)).data).toBe(data)
  })

  test.each([
    ['a wrong current one', bytes('wrong'), bytes('next'), 'wrong_passphrase'],
    ['an empty next one', passphrase, new Uint8Array(), 'invalid'],
  ])('with %s changes nothing', async (_, current, next, code) => {
    const { vault, file } = await newVault()
    const before = readFileSync(file)
    await expect(vault.changePassphrase(current, next)).rejects.toThrow(failing(code))
    expect(readFileSync(file)).toEqual(before)
  })

  test('erases the old slot from the file', async () => {
    const { vault, file } = await newVault()
    const slotOf = () => /"wrapped":"([0-9a-f]{120})"/.exec(readFileSync(file, 'latin1'))?.[1] ?? ''
    const before = slotOf()
    expect(before).toHaveLength(120)
    await vault.changePassphrase(passphrase, bytes('next'))
    expect(readFileSync(file, 'latin1')).not.toContain(before)
  })

  test('an old header put back is damage, although it authenticates', async () => {
    const { vault, file, unlock, open } = await newVault()
    const database = Database.open(file, 50)
    const row = database.get('SELECT body, digest, mac FROM header')
    await vault.changePassphrase(passphrase, bytes('next'))
    database.write(() =>
      database.run(
        'UPDATE header SET body = ?, digest = ?, mac = ?',
        ...(Object.values(row ?? {}) as Uint8Array[]),
      ),
    )
    database.close()
    await expect(unlock()).rejects.toThrow(failing('corrupt'))
    expect(open().isLocked).toBe(true)
  })
})

describe('opening', () => {
  test('V-07: says apart what stands in the way, and changes nothing', async () => {
    const { vault, file, options } = await newVault()
    vault.close()
    const good = readFileSync(file)
    const changed = (change: (bytes: Buffer) => unknown) => {
      const copy = Buffer.from(good)
      change(copy)
      return copy
    }
    const cases: [string, Buffer, string][] = [
      ['empty', Buffer.alloc(0), 'not_a_vault'],
      ['short', good.subarray(0, 99), 'not_a_vault'],
      ['text', Buffer.from('x'.repeat(5000)), 'not_a_vault'],
      ['another database', changed((b) => b.writeUInt32BE(0, 68)), 'not_a_vault'],
      ['format 2', changed((b) => b.writeUInt32BE(2, 60)), 'newer_format'],
      ['format 4294967295', changed((b) => b.fill(255, 60, 64)), 'newer_format'],
      ['format 3', changed((b) => b.writeUInt32BE(3, 60)), 'newer_format'],
      ['format 256', changed((b) => b.writeUInt32BE(256, 60)), 'newer_format'],
      ['format 0', changed((b) => b.writeUInt32BE(0, 60)), 'corrupt'],
      ['in WAL mode', changed((b) => b.fill(2, 18, 20)), 'corrupt'],
      ['cut in half', good.subarray(0, 4096 * 3), 'corrupt'],
      ['header damaged', changed((b) => damage(b, '"memoryKib":')), 'corrupt'],
    ]
    for (const [name, content, code] of cases) {
      const copy = join(temporaryFolder(), 'copy.coffret')
      writeFileSync(copy, content, { mode: 0o600 })
      expect(() => LocalVault.open({ ...options, file: copy }), name).toThrow(failing(code))
      expect(readFileSync(copy).equals(content), name).toBe(true)
    }
  })

  test('a file that is not there, or is a folder', async () => {
    const { options } = await newVault()
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'folder.coffret'))
    const at = (name: string) => () => LocalVault.open({ ...options, file: join(folder, name) })
    expect(at('missing.coffret')).toThrow(failing('not_found'))
    expect(at('folder.coffret')).toThrow(failing('not_a_vault'))
  })

  test.runIf(process.getuid?.() === 0)(
    'a file that may not be written, and a new one in such a folder',
    async () => {
      const { vault, file, options } = await newVault()
      vault.close()
      const before = readFileSync(file)
      const nobody = 65_534
      // Root may write everything: for this test, become someone else.
      chownSync(file, nobody, nobody)
      const asNobody = (work: () => unknown) => {
        process.seteuid?.(nobody)
        try {
          return work()
        } finally {
          process.seteuid?.(0)
        }
      }
      const opening = () => LocalVault.open(options).close()
      chmodSync(dirname(file), 0o755)
      chmodSync(file, 0o400)
      expect(() => asNobody(opening)).toThrow(failing('not_writable'))
      chmodSync(file, 0o600)
      expect(() => asNobody(opening)).not.toThrow()
      const creating = () => createVaultFile(join(dirname(file), 'new.coffret'))
      expect(() => asNobody(creating)).toThrow(failing('not_writable'))
      expect(readFileSync(file)).toEqual(before)
    },
  )

  test('a file that another program holds is busy', async () => {
    const { vault, options, file } = await newVault()
    const store = vault.store(secretMount)
    const other = Database.open(file, 50)
    other.execute('BEGIN EXCLUSIVE')
    expect(() => LocalVault.open(options)).toThrow(failing('busy'))
    await expect(store.write(path, { mode: 'create', data })).rejects.toThrow(failing('busy'))
    await expect(store.listAll()).rejects.toThrow(failing('busy'))
    other.execute('ROLLBACK')
    await store.write(path, { mode: 'create', data })
    other.close()
  })

  test('a file that was replaced is not written, nor is the new one', async () => {
    const { vault, file } = await newVault()
    const store = vault.store(secretMount)
    const replacement = join(temporaryFolder(), 'other.coffret')
    const other = await newVault(replacement)
    other.vault.close()
    const before = readFileSync(replacement)
    // As a tool that synchronises folders does: a new file under the same name.
    copyFileSync(replacement, `${file}.new`)
    renameSync(`${file}.new`, file)
    await expect(store.write(path, { mode: 'create', data })).rejects.toThrow(failing('storage'))
    await expect(store.listAll()).rejects.toThrow(failing('storage'))
    expect(readFileSync(file)).toEqual(before)
    rmSync(file)
    await expect(store.listAll()).rejects.toThrow(failing('storage'))
  })
})

/** Flips a bit right behind a text of the file. */
function damage(bytes: Buffer, text: string): void {
  const at = bytes.indexOf(text) + text.length
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
}
