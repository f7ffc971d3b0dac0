import type { Command, NssTool } from './nss-tools'

/** What lies in the private folder that the commands are run in: passwords are never arguments. */
export const privateFile = {
  pkcs12: 'client.p12',
  password: 'password',
  databasePassword: 'database-password',
} as const

type ToolCommand = readonly [tool: NssTool, ...args: string[]]

const at = (folder: string) => ['-d', `sql:${folder}`]
const withSecret = ['-f', privateFile.databasePassword]

/** Makes a database without a password, as browsers do. */
export const creating = (folder: string): ToolCommand => [
  'certutil',
  '-N',
  '--empty-password',
  ...at(folder),
]

/** Imports the PKCS#12 file. */
export const importing = (folder: string): ToolCommand => [
  'pk12util',
  ...['-i', privateFile.pkcs12, ...at(folder)],
  ...['-w', privateFile.password, '-k', privateFile.databasePassword],
]

/** Lists the keys, which shows that an import took place. */
export const listing = (folder: string): ToolCommand => [
  'certutil',
  '-K',
  ...at(folder),
  ...withSecret,
]

/** Another errand of `certutil`, which may ask for the password of the database. */
export const certutil = (folder: string, ...args: string[]): ToolCommand => [
  'certutil',
  ...args,
  ...at(folder),
  ...withSecret,
]

/** All that an import into a store takes, in order. */
export const importCommands = (store: { path: string; exists: boolean }): readonly Command[] => [
  ...(store.exists ? [] : [creating(store.path)]),
  importing(store.path),
  listing(store.path),
]
