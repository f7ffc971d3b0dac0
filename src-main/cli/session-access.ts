import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fullScope, type CredentialId } from '../contract/access'
import type { ListenerStatus } from '../kv/listener'
import { makePrivateFolder } from '../http/runtime-folder'
import {
  isEndedSession,
  isTagOfDeadProcess,
  processTag,
  sessionCredentialName,
} from '../stores/session-credential'
import type { ServableVault } from './ports'
import { replaceFile, writeNewFile } from './private-file'

/** What the name of a session's folder begins with. */
const folderPrefix = 'serve-'

/** The credentials and files that a `coffret serve` makes for as long as it runs. */
export class SessionAccess {
  readonly #issued: CredentialId[] = []
  #readyFile: string | undefined

  private constructor(
    private readonly served: ServableVault,
    /** 0700. */
    readonly folder: string,
  ) {}

  /**
   * Makes the folder, and removes what a program that was killed has left: its folder, and its credentials
   * of this vault.
   * @param runtime the folder of this user for sockets and the like
   * @throws CoffretError `forbidden`, `not_writable`, `locked`, `storage`
   */
  static begin(served: ServableVault, runtime: string): SessionAccess {
    tidy(served, runtime)
    const folder = join(runtime, folderName(processTag()))
    makePrivateFolder(folder)
    return new SessionAccess(served, folder)
  }

  /**
   * Makes a token and a client certificate that may do everything, and tells of them in a file that is there
   * as a whole or not at all.
   * @throws CoffretError `not_found` without the file's folder, `not_writable`, `locked`, `storage`
   */
  async announce(readyFile: string, status: ListenerStatus, authority: string): Promise<void> {
    const { access, vault } = this.served
    const name = sessionCredentialName()
    const { token, credential } = access.issueToken({ name, scope: fullScope })
    this.#issued.push(credential.id)
    const client = await access.issueCertificate({ name, scope: fullScope })
    this.#issued.push(client.credential.id)
    const write = (file: string, text: string) => {
      const path = join(this.folder, file)
      writeNewFile(path, text)
      return path
    }
    const { id } = client.credential
    const ready = {
      pid: process.pid,
      address: status.address,
      okmsId: vault.id,
      caFile: write('ca.pem', authority),
      clientCert: write(`${id}_certificate.pem`, client.certificate),
      clientKey: write(`${id}_privatekey.pem`, client.privateKey ?? ''),
      token,
      socket: status.socketFile,
    }
    this.#readyFile = readyFile
    replaceFile(readyFile, `${JSON.stringify(ready, undefined, 2)}\n`, String(process.pid))
  }

  /** Revokes and removes all of it. @throws CoffretError when a credential could not be revoked */
  end(): void {
    if (this.#readyFile !== undefined && isOurs(this.#readyFile)) {
      rmSync(this.#readyFile, { force: true })
    }
    rmSync(this.folder, { recursive: true, force: true })
    for (const id of this.#issued.splice(0)) this.served.access.remove(id)
  }
}

function tidy({ access }: ServableVault, runtime: string): void {
  for (const { id, name } of access.list()) {
    if (isEndedSession(name)) access.remove(id)
  }
  for (const name of readdirSync(runtime)) {
    if (!name.startsWith(folderPrefix)) continue
    const tag = name.slice(folderPrefix.length).replace('-', ' ')
    if (isTagOfDeadProcess(tag)) rmSync(join(runtime, name), { recursive: true, force: true })
  }
}

/** Without a blank, which people forget to quote. */
const folderName = (tag: string): string => folderPrefix + tag.replace(' ', '-')

/** Another one may have written it meanwhile. */
function isOurs(readyFile: string): boolean {
  try {
    const { pid } = JSON.parse(readFileSync(readyFile, 'utf8')) as { pid?: unknown }
    return pid === process.pid
  } catch {
    return false
  }
}
