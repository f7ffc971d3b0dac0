import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { CoffretError, type FailureCode } from '../../contract/errors'

/** The programs of NSS that we use. */
export type NssTool = 'certutil' | 'pk12util'

/** A program and its arguments. */
export type Command = readonly string[]

/** An import takes a moment, and a derivation of a million rounds a second. In milliseconds. */
const usualTimeoutMs = 30_000
const maxOutputBytes = 4_194_304

/** What NSS says when it fails, as codes of ours. */
const failures: readonly (readonly [RegExp, FailureCode, field?: string])[] = [
  [/SEC_ERROR_BAD_PASSWORD|SEC_ERROR_USER_CANCELLED/, 'wrong_password', 'databasePassword'],
  [/SEC_ERROR_READ_ONLY/, 'not_writable', 'store'],
  // So it says of a database that another program holds; of a damaged one too, which was looked at before.
  [/SEC_ERROR_BUSY|SEC_ERROR_LOCK|SEC_ERROR_BAD_DATABASE|PKCS11_GENERAL_ERROR/, 'busy', 'store'],
  [/SEC_ERROR_LEGACY_DATABASE/, 'corrupt', 'store'],
  [/SEC_ERROR_PKCS12_UNABLE_TO_IMPORT_KEY|SEC_ERROR_UNSUPPORTED/, 'unsupported', 'files'],
  [/PR_FILE_NOT_FOUND_ERROR/, 'not_found'],
]

/** What people are told, beside what the tool calls it. */
const meanings: Partial<Readonly<Record<FailureCode, string>>> = {
  wrong_password: 'the primary password of the browser is missing or wrong',
  unsupported: 'the browser knows no key of this kind',
  busy: 'the certificate database of the browser does not open',
}

/** Of everything that a tool says only the names of errors: nickname and paths are no one's business. */
function failureOf(tool: NssTool, output: string, timedOut: boolean): CoffretError {
  const names = [...new Set(output.match(/\b(SEC|PR|SSL|XP)_[A-Z0-9_]*ERROR[A-Z0-9_]*\b/g))]
  if (timedOut) return new CoffretError('busy', `${tool} gave no answer`, { field: 'store' })
  const [, code, field] = failures.find(([pattern]) => names.some((n) => pattern.test(n))) ?? []
  const meaning = code && meanings[code]
  const said = `${tool} failed: ${names.join(', ') || 'no reason given'}`
  const message = meaning === undefined ? said : `${meaning}: ${said}`
  return new CoffretError(code ?? 'storage', message, field === undefined ? {} : { field })
}

const cancelled = () => new CoffretError('cancelled', 'this was cancelled')

/** @throws CoffretError `cancelled` */
export function checkNotCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled()
}

/** How a tool is run. */
export interface ToolOptions {
  readonly folder?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** The programs of NSS, found once for each use: a person may install them meanwhile. */
export class NssTools {
  private readonly searched: readonly string[]
  private readonly environment: Readonly<Record<string, string>>

  /**
   * @param environment of which only the search path and the home are handed on
   * @param timeoutMs after which a tool is ended that does not answer
   */
  constructor(
    environment: Readonly<Record<string, string | undefined>>,
    private readonly timeoutMs = usualTimeoutMs,
  ) {
    const { PATH = '/usr/bin:/bin', HOME = '/' } = environment
    this.searched = PATH.split(':').filter((folder) => isAbsolute(folder))
    this.environment = { PATH, HOME, LC_ALL: 'C.UTF-8' }
  }

  get arePresent(): boolean {
    return this.find('certutil') !== undefined && this.find('pk12util') !== undefined
  }

  /** @throws CoffretError `unsupported` with the field `tools` when one is missing */
  require(): void {
    if (this.arePresent) return
    throw new CoffretError('unsupported', 'the tools of NSS are not installed', { field: 'tools' })
  }

  /**
   * Runs a tool to its end, with nothing on its standard input.
   * @param options `folder`: where it looks for files that its arguments name without a folder; `signal`: ends it
   * @returns what it writes on its standard output
   * @throws CoffretError `unsupported` with the field `tools` when it is missing; `wrong_password`,
   * `unsupported`, `not_writable`, `busy`, `not_found`, `corrupt`, `storage`; `cancelled` once it is ended
   */
  async run(
    tool: NssTool,
    args: readonly string[],
    { folder = '/', signal }: ToolOptions = {},
  ): Promise<string> {
    checkNotCancelled(signal)
    const program = this.find(tool)
    if (program === undefined) {
      throw new CoffretError('unsupported', `${tool} is not installed`, { field: 'tools' })
    }
    return new Promise((resolve, reject) => {
      const options = {
        cwd: folder,
        env: this.environment,
        timeout: this.timeoutMs,
        maxBuffer: maxOutputBytes,
        encoding: 'utf8',
      } as const
      // Not an option of `execFile`, which says that a program has ended before it has.
      const end = (): void => void child.kill()
      const child = execFile(program, [...args], options, (error, stdout, stderr) => {
        signal?.removeEventListener('abort', end)
        if (error && signal?.aborted) reject(cancelled())
        else if (error) reject(failureOf(tool, `${stdout}\n${stderr}`, error.killed === true))
        else resolve(stdout)
      })
      signal?.addEventListener('abort', end)
      child.stdin?.end()
    })
  }

  private find(tool: NssTool): string | undefined {
    return this.searched
      .map((folder) => join(folder, tool))
      .find((file) => {
        try {
          accessSync(file, constants.X_OK)
          return true
        } catch {
          return false
        }
      })
  }
}

type ToolPackage = readonly [families: readonly string[], name: string, install: Command]

const debian: ToolPackage = [
  ['debian', 'ubuntu'],
  'libnss3-tools',
  ['sudo', 'apt', 'install', 'libnss3-tools'],
]

/** How each family of distributions calls the package of the tools, and installs it. */
const packages: readonly ToolPackage[] = [
  debian,
  [['fedora', 'rhel', 'centos'], 'nss-tools', ['sudo', 'dnf', 'install', 'nss-tools']],
  [['arch'], 'nss', ['sudo', 'pacman', '-S', 'nss']],
  [['opensuse', 'suse'], 'mozilla-nss-tools', ['sudo', 'zypper', 'install', 'mozilla-nss-tools']],
  [['alpine'], 'nss-tools', ['sudo', 'apk', 'add', 'nss-tools']],
  [['void'], 'nss', ['sudo', 'xbps-install', 'nss']],
  [['gentoo'], 'dev-libs/nss', ['sudo', 'USE=utils', 'emerge', 'dev-libs/nss']],
  // For the person alone: the system's own packages stand in a file that is theirs to write.
  [['nixos'], 'nssTools', ['nix-env', '-iA', 'nixos.nssTools']],
]

/** Silverblue and its kin: their system is an image, to which packages are added. */
const onImage: ToolPackage = [[], 'nss-tools', ['sudo', 'rpm-ostree', 'install', 'nss-tools']]

/**
 * The package that brings the tools to a distribution; that of Debian where it is none that we know.
 * @param osRelease the text of /etc/os-release
 */
export function packageOfTools(osRelease: string): { package: string; command: Command } {
  const valueOf = (key: string) =>
    new RegExp(`^${key}=["']?([^"'\\n]*)`, 'm').exec(osRelease)?.[1]?.split(' ') ?? []
  const names = [...valueOf('ID'), ...valueOf('ID_LIKE')].map((name) => name.split('-')[0] ?? '')
  const known = packages.find(([families]) => families.some((family) => names.includes(family)))
  const isImage = valueOf('OSTREE_VERSION').length > 0
  const [, name, command] = isImage ? onImage : (known ?? debian)
  return { package: name, command }
}
