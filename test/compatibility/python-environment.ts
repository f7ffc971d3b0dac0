import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'coffret')

/**
 * The programs of an environment of Python that is kept in the cache, with the packages of a file of
 * requirements. Where the file has hashes, pip holds the downloads to them.
 * @param name of the environment
 * @returns the path of one of its programs
 */
export function pythonEnvironment(name: string, requirements: string): (program: string) => string {
  const folder = join(cache, name)
  const program = (wanted: string) => join(folder, 'bin', wanted)
  mkdirSync(cache, { recursive: true })
  if (!existsSync(program('python'))) execFileSync('python3', ['-m', 'venv', folder])
  const install = ['-m', 'pip', 'install', '--quiet', '-r', requirements]
  execFileSync(program('python'), install, {
    env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
  })
  return program
}
