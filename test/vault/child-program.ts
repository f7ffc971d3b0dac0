import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Makes a program of a folder runnable before the tests of a file, and removes it after them. Its
 * libraries are found from inside the repository only.
 * @param name without `.ts`
 * @param place its folder: this one unless told
 * @returns gives where the program lies, once the tests run
 */
export function childProgram(name: string, place = 'test/vault'): () => string {
  let folder = ''
  beforeAll(async () => {
    mkdirSync(join(root, 'test-results'), { recursive: true })
    folder = mkdtempSync(join(root, 'test-results', `${name}-`))
    await build({
      root,
      configFile: false,
      logLevel: 'error',
      build: { ssr: `${place}/${name}.ts`, outDir: folder, emptyOutDir: false },
    })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return () => join(folder, `${name}.js`)
}
