import { expect, test } from 'vitest'
import { peerUsers } from '../../src-main/http/peer-user'
import { findConnection, findListeners, type Procfs } from '../../src-main/http/procfs'
import { ownerOfPort, ownerOfSocket, ownerText } from '../../src-main/http/socket-owner'

/** As Linux prints it on a little-endian machine: 8250 is 203A. */
const ipv4 = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:203A 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 501 1 0000000000000000 100 0 0 10 0
   1: 0100007F:B908 0100007F:203A 01 00000000:00000000 00:00000000 00000000 65534        0 502 2 0000000000000000 20 0 0 10 -1
   2: 0100007F:203A 0100007F:B908 01 00000000:00000000 00:00000000 00000000  1000        0 503 2 0000000000000000 20 0 0 10 -1
   3: 0100007F:B909 0100007F:203A 06 00000000:00000000 03:00000F9E 00000000     0        0 0 3 0000000000000000
   4: 0200007F:B90A 0100007F:203A 01 00000000:00000000 00:00000000 00000000  1001        0 504 2 0000000000000000 20 0 0 10 -1
`
const ipv6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:203A 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 601 1 0000000000000000 100 0 0 10 0
   1: 0000000000000000FFFF00000100007F:B916 0000000000000000FFFF00000100007F:203A 01 00000000:00000000 00:00000000 00000000  1002        0 602 2 0000000000000000 20 0 0 10 -1
   2: 00000000000000000000000001000000:B917 00000000000000000000000001000000:203A 01 00000000:00000000 00:00000000 00000000  1003        0 603 2 0000000000000000 20 0 0 10 -1
   3: 00000000000000000000000000000000:203B 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 604 1 0000000000000000 100 0 0 10 0
`
/** The first was accepted at the second, and nobody holds it any more. */
const unix = `Num       RefCount Protocol Flags    Type St Inode Path
00000000aef64bd1: 00000003 00000000 00000000 0001 03 702 /run/api.sock
00000000def64bde: 00000002 00000000 00010000 0001 01 701 /run/api.sock
000000008680280f: 00000003 00000000 00000000 0001 03  1056
`
const own = { address: '127.0.0.1', port: 8250 }

/** A computer that says this, and has these sockets open. */
function procfs(files: Record<string, string>, links: Record<string, string> = {}): Procfs {
  const known = [...Object.keys(files), ...Object.keys(links)]
  return {
    read: async (path) => files[path] ?? Promise.reject(new Error('ENOENT')),
    list: async (path) => {
      const below = known.filter((name) => name.startsWith(`${path}/`))
      if (below.length === 0) throw new Error('EACCES')
      return [...new Set(below.map((name) => name.slice(path.length + 1).split('/')[0] ?? ''))]
    },
    link: async (path) => links[path] ?? Promise.reject(new Error('EINVAL')),
  }
}

test.each([
  ['over IPv4', ipv4, { address: '127.0.0.1', port: 0xb908 }, own, { user: 65534, inode: 502 }],
  [
    'from another address',
    ipv4,
    { address: '127.0.0.2', port: 0xb90a },
    own,
    { user: 1001, inode: 504 },
  ],
  ['from our side', ipv4, own, { address: '127.0.0.1', port: 0xb908 }, { user: 1000, inode: 503 }],
  [
    'by a socket of IPv6',
    ipv6,
    { address: '127.0.0.1', port: 0xb916 },
    own,
    { user: 1002, inode: 602 },
  ],
  [
    'over IPv6',
    ipv6,
    { address: '::1', port: 0xb917 },
    { address: '::1', port: 8250 },
    { user: 1003, inode: 603 },
  ],
  ['that nobody holds', ipv4, { address: '127.0.0.1', port: 0xb909 }, own, { user: 0, inode: 0 }],
  ['that is none', ipv4, { address: '127.0.0.1', port: 1 }, own, undefined],
  [
    'with another end',
    ipv4,
    { address: '127.0.0.1', port: 0xb908 },
    { ...own, port: 1 },
    undefined,
  ],
  ['of an address unknown here', ipv6, { address: 'fe80::1', port: 0xb917 }, own, undefined],
])('the row of a connection %s', (_, table, local, remote, row) => {
  expect(findConnection(table, local, remote)).toEqual(row)
})

test('who listens at a port, at a loopback address or at all', () => {
  expect(findListeners(ipv4, 8250)).toEqual([{ user: 1000, inode: 501 }])
  expect(findListeners(ipv6, 8250)).toEqual([{ user: 1000, inode: 601 }])
  expect(findListeners(ipv6, 8251)).toEqual([{ user: 1000, inode: 604 }])
  expect(findListeners(ipv4, 0xb908)).toEqual([])
})

test('a connection that no program holds any more belongs to nobody, not to root', async () => {
  const users = peerUsers(procfs({ '/proc/net/tcp': ipv4, '/proc/net/tcp6': ipv6 }))
  const from = (port: number) => users({ peer: { address: '127.0.0.1', port }, own })
  expect(await from(0xb908)).toEqual({ user: 65534, inode: 502 })
  expect(await from(0xb916)).toMatchObject({ user: 1002 })
  expect(await from(0xb909)).toBeUndefined()
  expect(await from(1)).toBeUndefined()
})

test('a row that was missed is looked for again', async () => {
  let readings = 0
  const read = async () => (++readings < 4 ? '' : ipv4)
  const users = peerUsers({ ...procfs({}), read })
  expect(await users({ peer: { address: '127.0.0.1', port: 0xb908 }, own })).toMatchObject({
    user: 65534,
  })
})

test('without the table nobody is told apart, which is an error and no user', async () => {
  const users = peerUsers(procfs({}))
  await expect(users({ peer: { address: '127.0.0.1', port: 1 }, own })).rejects.toThrow('ENOENT')
})

test('many who ask at once share a reading that begins after they asked', async () => {
  const begun: (() => void)[] = []
  const read = (path: string) =>
    path.endsWith('tcp')
      ? new Promise<string>((resolve) => begun.push(() => resolve(ipv4)))
      : Promise.resolve('')
  const users = peerUsers({ ...procfs({}), read })
  const ask = () => users({ peer: { address: '127.0.0.1', port: 0xb908 }, own })
  const first = ask()
  await expect.poll(() => begun.length).toBe(1)
  const others = Array.from({ length: 100 }, ask)
  begun[0]!()
  expect(await first).toMatchObject({ user: 65534 })
  await expect.poll(() => begun.length).toBe(2)
  begun[1]!()
  const rows = await Promise.all(others)
  expect(new Set(rows.map((row) => row?.user))).toEqual(new Set([65534]))
  expect(begun).toHaveLength(2)
})

test('the owner of a port is named, with as much as this user may know', async () => {
  const tables = { '/proc/net/tcp': ipv4, '/proc/net/tcp6': ipv6, '/proc/net/unix': unix }
  const seen = procfs(
    { ...tables, '/proc/812/comm': 'nginx\n' },
    {
      '/proc/812/fd/5': 'socket:[501]',
      '/proc/812/fd/6': 'socket:[701]',
      '/proc/1/fd/0': 'pipe:[9]',
    },
  )
  expect(ownerText(await ownerOfPort(seen, 8250))).toBe('nginx (process 812)')
  expect(ownerText(await ownerOfSocket(seen, '/run/api.sock'))).toBe('nginx (process 812)')
  const foreign = procfs(tables, { '/proc/1/fd/0': 'pipe:[9]' })
  expect(ownerText(await ownerOfPort(foreign, 8250))).toBe('a program of user 1000')
  expect(ownerText(await ownerOfPort(foreign, 9))).toBe('another program')
  expect(ownerText(await ownerOfSocket(foreign, '/run/other.sock'))).toBe('another program')
})
