import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { systemHome } from '../../../src-main/pki/browsers/home'
import type { Home } from '../../../src-main/pki/browsers/stores'

/** The home of nobody, with what a test puts there. */
export interface TemporaryHome {
  readonly folder: string
  /** Environment variables that lead there. */
  readonly environment: Readonly<Record<string, string>>
  readonly home: Home
  put(path: string, text?: string): string
  makeFolder(path: string): string
  /** A profile of Firefox with a database that is only looked at. */
  makeProfile(root: string, name: string): string
  link(path: string, target: string): void
}

/** A home that goes away after the test. */
export function temporaryHome(): TemporaryHome {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'coffret-home-')))
  onTestFinished(() => rmSync(base, { recursive: true, force: true }))
  const folder = join(base, 'home')
  const runtime = join(base, 'runtime')
  for (const one of [folder, runtime]) mkdirSync(one, { mode: 0o700 })
  const environment = {
    HOME: folder,
    XDG_RUNTIME_DIR: runtime,
    PATH: process.env['PATH'] ?? '/usr/bin',
  }
  const makeFolder = (path: string) => {
    mkdirSync(join(folder, path), { recursive: true })
    return join(folder, path)
  }
  const put = (path: string, text = '') => {
    makeFolder(dirname(path))
    writeFileSync(join(folder, path), text)
    return join(folder, path)
  }
  return {
    folder,
    environment,
    home: systemHome(environment),
    put,
    makeFolder,
    makeProfile: (root, name) => {
      put(`${root}/${name}/cert9.db`)
      put(`${root}/${name}/key4.db`)
      return join(folder, root, name)
    },
    link: (path, target) => {
      makeFolder(dirname(path))
      symlinkSync(target, join(folder, path))
    },
  }
}

/** The number of a process that has ended. */
export const deadPid = (): number => spawnSync('true').pid

/** The lock of a Chromium that runs in this process. */
export const chromiumLock = (pid = process.pid): string => `${hostname()}-${pid}`

/** The text of a `profiles.ini`. */
export const profilesIni = (...paths: readonly string[]): string =>
  paths
    .map(
      (path, index) =>
        `[Profile${index}]\nName=name ${index}\nIsRelative=${path.startsWith('/') ? 0 : 1}\nPath=${path}\n`,
    )
    .join('\n')
