import { mkdirSync, mkdtempSync } from 'node:fs'
import { projectFile, projectFolder } from '../places.mjs'
import { nativePackages } from './app-copy.mjs'

/** The programs of the bench, and the threads of the app that they start. */
const programs = [
  'test/bench/bench.ts',
  'test/bench/one-secret.ts',
  'test/bench/memory-program.ts',
  'test/bench/server-program.ts',
  'test/bench/copy-program.ts',
  'test/bench/api/api-server.ts',
  'test/bench/api/api-load.ts',
  'src-main/search-worker.ts',
  'src-main/vault-worker.ts',
  'src-main/credential-worker.ts',
]

/**
 * Builds the bench and the engine under it as the main process is built (`electron.vite.config.ts`): the
 * very code that people run is measured.
 * @returns {Promise<string>} a new folder, inside the clone so that the libraries are found
 */
export async function buildBench() {
  // Only after the installation there is a vite.
  const { build } = await import('vite')
  const cache = projectFile('node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(`${cache}/bench-`)
  await build({
    root: projectFolder,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node18',
      outDir: folder,
      minify: false,
      rollupOptions: {
        input: programs.map(projectFile),
        external: nativePackages,
        output: {
          format: 'cjs',
          entryFileNames: '[name].cjs',
          chunkFileNames: '[name]-[hash].cjs',
        },
      },
    },
  })
  return folder
}
