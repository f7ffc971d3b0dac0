import { resolve } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'electron-vite'

// Libraries with a compiled part stay outside the bundle; everything else goes in, since the main
// process is CommonJS (Electron 25 has no ES-module main) and several libraries are ESM only.
const native = ['electron', '@photostructure/sqlite', '@node-rs/argon2']

/** The build: main and preload as CommonJS for Node 18 features, the renderer for Chromium 114. */
export default defineConfig({
  main: {
    build: {
      target: 'node18',
      outDir: 'out/main',
      externalizeDeps: false,
      rollupOptions: {
        input: {
          main: resolve('src-main/main.ts'),
          cli: resolve('src-main/cli.ts'),
          'vault-worker': resolve('src-main/vault-worker.ts'),
          'credential-worker': resolve('src-main/credential-worker.ts'),
          'search-worker': resolve('src-main/search-worker.ts'),
        },
        external: native,
        output: {
          format: 'cjs',
          // Otherwise what the bundler itself needs lies in main.cjs, which then runs in each thread.
          strictExecutionOrder: true,
          entryFileNames: '[name].cjs',
          chunkFileNames: '[name]-[hash].cjs',
        },
      },
    },
  },
  preload: {
    build: {
      target: 'node18',
      outDir: 'out/preload',
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: resolve('src-main/preload.ts') },
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [svelte()],
    build: {
      target: 'chrome114',
      outDir: 'out/renderer',
      rollupOptions: { input: { index: resolve('src-renderer/index.html') } },
    },
  },
})
