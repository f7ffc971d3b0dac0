import { createHash } from 'node:crypto'
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemRandom } from '../../src-main/env'
import { runProgram } from './child'
import { fieldsOf, passphrase, pathOf } from './fixture'
import type { Workplace } from './workplace'

/**
 * The same secrets as a vault of so many, as a KeePass database with KeePassXC's defaults, in the cache.
 * @returns the file
 */
export async function makeKdbx(place: Workplace, keepassxc: string, size: number): Promise<string> {
  const { output } = await runProgram(keepassxc, ['--version'], '')
  const content = createHash('sha256')
    .update(keepassXml(10, () => ''))
    .digest('hex')
  const name = `keepassxc-${output.trim()}-${content.slice(0, 8)}-${size}.kdbx`
  const file = join(place.options.cache, name)
  if (existsSync(file)) return file
  const [xml, made] = [place.file(`${size}.xml`), place.file(`${size}.kdbx`)]
  writeFileSync(xml, keepassXml(size))
  await runProgram(keepassxc, ['import', '-q', '-p', xml, made], `${passphrase}\n${passphrase}\n`)
  rmSync(xml)
  renameSync(made, file)
  return file
}

/** Groups within groups: what lies at a path. */
interface Group {
  readonly groups: Map<string, Group>
  readonly entries: string[]
}

/** A KeePass 2 XML document with so many secrets of the fixture in nested groups. */
export function keepassXml(size: number, newId: () => string = uuid): string {
  const root: Group = { groups: new Map(), entries: [] }
  for (let index = 0; index < size; index += 1) {
    const folders = pathOf(index, size).split('/')
    const title = folders.pop() ?? ''
    const group = folders.reduce(childOf, root)
    group.entries.push(entryXml(newId(), title, fieldsOf(index, 1)))
  }
  return (
    '<?xml version="1.0" encoding="utf-8"?>\n<KeePassFile><Meta><Generator>bench</Generator></Meta>' +
    `<Root>${groupXml(newId, 'Root', root)}</Root></KeePassFile>\n`
  )
}

function childOf(parent: Group, name: string): Group {
  const known = parent.groups.get(name)
  if (known !== undefined) return known
  const group: Group = { groups: new Map(), entries: [] }
  parent.groups.set(name, group)
  return group
}

function groupXml(newId: () => string, name: string, { groups, entries }: Group): string {
  const inner = Array.from(groups, ([child, group]) => groupXml(newId, child, group))
  const head = `<UUID>${newId()}</UUID><Name>${name}</Name>`
  return `<Group>${head}${entries.join('')}${inner.join('')}</Group>\n`
}

function entryXml(id: string, title: string, fields: Record<string, string>): string {
  const { username = '', password = '', url = '', notes = '' } = fields
  const field = (key: string, value: string) =>
    `<String><Key>${key}</Key><Value>${value}</Value></String>`
  const secret = `<String><Key>Password</Key><Value ProtectInMemory="True">${password}</Value></String>`
  const plain = [field('Title', title), field('UserName', username), field('URL', url)]
  return `<Entry><UUID>${id}</UUID>${plain.join('')}${secret}${field('Notes', notes)}</Entry>\n`
}

function uuid(): string {
  return Buffer.from(systemRandom(16)).toString('base64')
}
