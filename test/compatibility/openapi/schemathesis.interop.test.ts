import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildCommand } from '../../cli/built-command'
import { servedByCommand } from '../clients/clients'
import { pythonEnvironment } from '../python-environment'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'coffret-schemathesis-'))
const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url))
let schemathesis: string

beforeAll(() => {
  schemathesis = pythonEnvironment('schemathesis', requirements)('schemathesis')
}, 300_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))
buildCommand()
const served = servedByCommand()

const timeout = 900_000
test(
  'what is generated from the description meets no 5xx and no undocumented status',
  { timeout },
  async () => {
    const { address, okmsId, caFile, token } = served.ready()
    // Addresses that are there, so that more than 404 is met.
    const parameters = [`"path.okmsId" = "${okmsId}"`, '"path.mount" = ["secret", "kv"]']
    const known = `headers = { "X-Vault-Token" = "${token}" }\ntls-verify = "${caFile}"\n`
    const settings = join(folder, 'schemathesis.toml')
    writeFileSync(settings, `${known}[parameters]\n${parameters.join('\n')}\n`, { mode: 0o600 })
    const words = [
      ...['--config-file', settings, 'run', `${address}/openapi.json`, '--no-color'],
      ...['--checks', 'not_a_server_error,status_code_conformance', '--continue-on-failure'],
      ...['--phases', 'coverage,fuzzing', '--max-examples', '10', '--seed', '1'],
      // It would take away the token that everything else comes in with.
      ...['--exclude-path', '/v1/auth/token/revoke-self'],
    ]
    const { code, stdout } = await run(schemathesis, words, {
      cwd: folder,
      maxBuffer: 2 ** 26,
    }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        stdout: error.stdout + error.stderr,
      }),
    )
    expect({ code, said: code === 0 ? '' : stdout }).toEqual({ code: 0, said: '' })
    const [, tested = '0', generated = '0'] =
      /Tested: (\d+)[^]*Test cases:\n {2}(\d+) generated/.exec(stdout) ?? []
    expect(Number(tested)).toBeGreaterThan(70)
    expect(Number(generated)).toBeGreaterThan(1500)
  },
)
