import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { secretMount } from '../new-vault'
import { openNewest, pathOf, vaultWithBackups } from '../with-backups'

const failing = (code: string) => expect.objectContaining({ code })

describe('erasing from backups', () => {
  test('a secret goes from each, wherever it lay, and its neighbours stay', async () => {
    const { vault, clock, put, store, files } = await vaultWithBackups()
    await put('app/db', 'one')
    await put('app/other', 'stays')
    await vault.backups.make()
    await store().transfer({
      ...{ from: pathOf('app/db'), to: pathOf('moved/db') },
      ...{ kind: 'secret', keepSource: false },
    })
    clock.advance(1000)
    await vault.backups.make()
    const [id] = await store()
      .bin()
      .discard({ path: pathOf('moved/db'), kind: 'secret' })
    clock.advance(1000)
    await vault.backups.make()
    clock.advance(1000)
    expect(await vault.backups.purge([id!], [pathOf('moved/db')])).toBe(3)
    expect(await vault.backups.purge([id!])).toBe(0)
    expect(files()).toHaveLength(3)
    for (const { name, state } of await vault.backups.list()) {
      expect(state).toBe('opens')
      const opened = await vault.backups.opened.open(vault.backups.find(name))
      const { items } = await vault.backups.opened.store(opened.id, secretMount).listAll()
      expect(items.map(({ path }) => path)).toEqual(['app/other'])
    }
    expect(await store().bin().list()).toHaveLength(1)
  })

  test('a secret that came back from a backup goes from those that are older too', async () => {
    const { vault, clock, put, store, files } = await vaultWithBackups()
    const path = pathOf('app/db')
    const discard = async () => (await store().bin().discard({ path, kind: 'secret' }))[0]!
    await put('app/db', 'one')
    clock.advance(1000)
    await put('app/db', 'two')
    await vault.backups.make()
    clock.advance(1000)
    const first = await discard()
    await vault.backups.make()
    await store().bin().purge([first])
    clock.advance(1000)
    // Another one that had the place for a while: nobody asks for its end.
    await put('app/db', 'other')
    await vault.backups.make()
    await store().remove(path)
    const oldest = (await vault.backups.list()).at(-1)!
    const { id } = await vault.backups.opened.open(vault.backups.find(oldest.name))
    vault.backups.restoreOne(id, { mount: secretMount, path, how: 'whole' })
    const last = await discard()
    expect(last).not.toBe(first)
    expect(await vault.backups.purge([last], [path])).toBe(2)
    expect(files()).toHaveLength(3)
    const left = []
    for (const { name } of await vault.backups.list()) {
      const opened = await vault.backups.opened.open(vault.backups.find(name))
      const there = vault.backups.opened.store(opened.id, secretMount)
      left.push((await there.listAll()).items.length)
    }
    expect(left).toEqual([1, 0, 0])
    expect(await vault.backups.purge([last, first], [path])).toBe(0)
  })

  test('is refused, with nothing erased, while a backup does not open', async () => {
    const { vault, clock, put, store, files } = await vaultWithBackups()
    await put('app/db', 'one')
    await vault.backups.make()
    clock.advance(1000)
    await vault.backups.make()
    const bytes = readFileSync(files()[0]!)
    writeFileSync(files()[0]!, bytes.fill(0x55, 100, bytes.length))
    const [id] = await store()
      .bin()
      .discard({ path: pathOf('app/db'), kind: 'secret' })
    await expect(vault.backups.purge([id!])).rejects.toThrow(failing('unsupported'))
    const { id: opened } = await openNewest(vault)
    const { items } = await vault.backups.opened.store(opened, secretMount).listAll()
    expect(items).toHaveLength(1)
  })
})
