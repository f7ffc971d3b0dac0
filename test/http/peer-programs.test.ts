import { expect, test } from 'vitest'
import { PeerPrograms } from '../../src-main/http/peer-programs'
import type { Procfs } from '../../src-main/http/procfs'

/** A computer on which these processes have these sockets open; it counts what is asked of it. */
function computer(processes: Readonly<Record<string, readonly number[]>>) {
  const asked: string[] = []
  const pauses: { ms: number; end: () => void }[] = []
  const procfs: Procfs = {
    read: async () => '',
    list: async (path) => {
      if (path === '/proc') return ['self', ...Object.keys(processes)]
      const pid = path.split('/')[2] ?? ''
      asked.push(pid)
      const open = processes[pid]
      if (open === undefined) throw new Error('EACCES')
      return open.map((_, at) => String(at))
    },
    link: async (path) => {
      const [, , pid = '', , at = ''] = path.split('/')
      return `socket:[${processes[pid]?.[Number(at)]}]`
    },
  }
  const pause = (ms: number) => new Promise<void>((resolve) => pauses.push({ ms, end: resolve }))
  /** Ends the pause that is going on, and waits for the next one. */
  const goOn = async () => {
    const count = pauses.length
    pauses.at(-1)?.end()
    await expect.poll(() => pauses.length).toBe(count + 1)
  }
  const found: [inode: number, process: number][] = []
  const programs = new PeerPrograms(procfs, pause)
  const find = (inode: number) => programs.find(inode, (pid) => found.push([inode, pid]))
  return { asked, pauses, goOn, find, found }
}

test('one look finds all that wait, and nothing is looked up at once', async () => {
  const { asked, goOn, find, found, pauses } = computer({ 10: [1, 2], 20: [3], 30: [4] })
  for (const inode of [3, 1, 2]) find(inode)
  expect(asked).toEqual([])
  await goOn()
  expect(found.sort()).toEqual([
    [1, 10],
    [2, 10],
    [3, 20],
  ])
  expect(asked).toEqual(['10', '20'])
  expect(pauses.map(({ ms }) => ms)).toEqual([250, 2000])
})

test('who was found before is looked at first', async () => {
  const { asked, goOn, find, found } = computer({ 10: [1], 20: [2], 30: [3, 4] })
  find(3)
  await goOn()
  find(4)
  await goOn()
  expect(found).toEqual([
    [3, 30],
    [4, 30],
  ])
  expect(asked).toEqual(['10', '20', '30', '30'])
})

test('a connection that has ended is not looked up, and one that nobody has stays unsaid', async () => {
  const { asked, goOn, find, found } = computer({ 10: [1], 20: [2] })
  const giveUp = find(1)
  find(9)
  giveUp()
  await goOn()
  expect(found).toEqual([])
  expect(asked).toEqual(['10', '20'])
})

test('a crowd is looked up in part', async () => {
  const inodes = Array.from({ length: 1100 }, (_, n) => n)
  const { goOn, find, found } = computer({ 10: inodes })
  for (const inode of inodes) find(inode)
  await goOn()
  expect(found).toHaveLength(1024)
})
