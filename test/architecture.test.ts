import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Who may import whom, and which library lives where: the table of the design, enforced. */
const folders: Record<string, { own: readonly string[]; libraries: readonly (string | RegExp)[] }> =
  {
    contract: { own: [], libraries: ['zod'] },
    kv: { own: ['contract'], libraries: [] },
    crypto: {
      own: ['contract'],
      libraries: [/^@noble\//, '@node-rs/argon2', '@scure/bip39', /^@scure\/bip39\//],
    },
    pki: { own: ['contract'], libraries: ['node-forge', '@peculiar/x509', 'reflect-metadata'] },
    wire: { own: ['contract', 'kv'], libraries: ['zod'] },
    vault: { own: ['contract', 'kv', 'crypto'], libraries: ['@photostructure/sqlite', 'zod'] },
    remote: { own: ['contract', 'kv', 'wire', 'pki'], libraries: ['zod', 'yaml'] },
    stores: { own: ['contract', 'kv', 'vault', 'remote'], libraries: ['zod'] },
    http: { own: ['contract', 'kv', 'wire', 'stores'], libraries: ['zod'] },
    ipc: { own: ['contract', 'kv', 'stores', 'pki'], libraries: ['zod'] },
    cli: { own: ['contract', 'kv', 'stores', 'pki', 'http'], libraries: ['commander', 'conf'] },
    shell: { own: ['contract', 'kv', 'ipc'], libraries: ['electron', 'electron-store', 'zod'] },
  }

/** Libraries that one file alone may know. */
const oneFile: Record<string, string> = {
  '@photostructure/sqlite': 'src-main/vault/database.ts',
  // V-07: there is no second way to open what is sealed.
  '@noble/ciphers/aes.js': 'src-main/crypto/aead.ts',
}

/** What the renderer may use besides its own files and the contract. */
const rendererLibraries: readonly (string | RegExp)[] = [
  'svelte',
  /^svelte\//,
  'bits-ui',
  '@lucide/svelte',
  /^@lucide\/svelte\//,
  /^@codemirror\//,
  /^@lezer\//,
  /^@zxcvbn-ts\//,
]

interface Import {
  readonly file: string
  readonly specifier: string
}

function filesBelow(folder: string, pattern: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes('node_modules'))
    .sort()
}

function importsOf(file: string): Import[] {
  const source = readFileSync(join(root, file), 'utf8')
  const pattern = /(?:\bfrom\s+|\bimport\s*\(?\s*|\brequire\s*\(\s*)(['"])([^'"\n]+)\1/g
  return Array.from(source.matchAll(pattern), (found) => ({ file, specifier: found[2] ?? '' }))
}

/** A relative import as a path from the root; undefined for a library. */
function target({ file, specifier }: Import): string | undefined {
  return specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : undefined
}

function isAllowed(specifier: string, libraries: readonly (string | RegExp)[]): boolean {
  return libraries.some((l) => (typeof l === 'string' ? l === specifier : l.test(specifier)))
}

const mainFiles = filesBelow('src-main', /\.ts$/)
const rendererFiles = filesBelow('src-renderer', /\.(ts|svelte)$/)

function folderOf(file: string): string | undefined {
  const [top, folder, ...rest] = file.split('/')
  return top === 'src-main' && rest.length > 0 ? folder : undefined
}

describe('the main side', () => {
  test('has only the folders of the design', () => {
    const found = new Set(mainFiles.map(folderOf).filter((folder) => folder !== undefined))
    expect([...found].filter((folder) => !(folder in folders))).toEqual([])
  })

  test('imports only downwards', () => {
    const wrong = mainFiles.flatMap(importsOf).filter((one) => {
      const from = folderOf(one.file)
      const to = target(one)
      if (from === undefined || to === undefined) return false
      const folder = folderOf(`${to}/x`) === undefined ? undefined : to.split('/')[1]
      if (to === 'src-main/env') return false
      return folder === undefined || (folder !== from && !folders[from]?.own.includes(folder))
    })
    expect(wrong).toEqual([])
  })

  test('keeps each library in its folder', () => {
    const wrong = mainFiles.flatMap(importsOf).filter((one) => {
      const from = folderOf(one.file)
      if (from === undefined || target(one) !== undefined) return false
      return (
        !one.specifier.startsWith('node:') &&
        !isAllowed(one.specifier, folders[from]?.libraries ?? [])
      )
    })
    expect(wrong).toEqual([])
  })

  test('knows some libraries in one file only', () => {
    const wrong = mainFiles
      .flatMap(importsOf)
      .filter((one) => one.specifier in oneFile && oneFile[one.specifier] !== one.file)
    expect(wrong).toEqual([])
  })

  test('uses no Node module in the contract, which the renderer shares', () => {
    const wrong = mainFiles
      .filter((file) => folderOf(file) === 'contract')
      .flatMap(importsOf)
      .filter((one) => one.specifier.startsWith('node:'))
    expect(wrong).toEqual([])
  })
})

describe('the renderer', () => {
  test('imports the contract and nothing else of main', () => {
    const wrong = rendererFiles.flatMap(importsOf).filter((one) => {
      const to = target(one)
      return to !== undefined && to.startsWith('src-main/') && !to.startsWith('src-main/contract/')
    })
    expect(wrong).toEqual([])
  })

  test('uses its own libraries only', () => {
    const wrong = rendererFiles
      .flatMap(importsOf)
      .filter((one) => target(one) === undefined && !isAllowed(one.specifier, rendererLibraries))
    expect(wrong).toEqual([])
  })

  test('touches the bridge in one file', () => {
    const wrong = rendererFiles.filter(
      (file) =>
        file !== 'src-renderer/bridge.ts' &&
        /window\s*\.\s*coffret\b/.test(readFileSync(join(root, file), 'utf8')),
    )
    expect(wrong).toEqual([])
  })
})

describe('names', () => {
  test('of files are kebab-case, components PascalCase', () => {
    const wrong = [...mainFiles, ...rendererFiles].filter((file) => {
      const name = file.split('/').at(-1) ?? ''
      return name.endsWith('.svelte')
        ? !/^[A-Z][A-Za-z0-9]*\.svelte$/.test(name)
        : !/^[a-z0-9]+(-[a-z0-9]+)*(\.svelte|\.d)?\.ts$/.test(name)
    })
    expect(wrong).toEqual([])
  })

  test('say a subject, not a drawer', () => {
    const wrong = [...mainFiles, ...rendererFiles].filter((file) =>
      /(^|\/)(utils?|helpers?|misc|common)(\/|\.|$)/.test(file),
    )
    expect(wrong).toEqual([])
  })

  test('of the top level are those of the design', () => {
    const known = [
      ...['.ci', '.git', '.editorconfig', '.gitignore', '.npmrc', '.prettierignore'],
      ...['.prettierrc.json', 'CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md'],
      ...['SECURITY.md', 'electron.vite.config.ts', 'eslint.config.js', 'node_modules', 'out'],
      ...['package-lock.json', 'package.json', 'resources', 'src-main', 'src-renderer', 'test'],
      ...['test-results', 'tsconfig.json'],
    ]
    // A build that runs beside this one keeps its settings there for a moment.
    const isPassing = (name: string) => /^electron\.vite\.config\..*\d-[\da-f]+\.mjs$/.test(name)
    const others = readdirSync(root).filter((name) => !known.includes(name) && !isPassing(name))
    expect(others).toEqual([])
  })
})

describe('the only readers of', () => {
  const readers = mainFiles.filter((file) => file !== 'src-main/env.ts')

  test('the clock is env.ts', () => {
    const wrong = readers.filter((file) =>
      /\bDate\.now\(|new Date\(\)|performance\.now\(/.test(readFileSync(join(root, file), 'utf8')),
    )
    expect(wrong).toEqual([])
  })

  test('the random source is env.ts', () => {
    const wrong = readers.filter((file) =>
      /\bMath\.random\(|\brandomBytes\(|\brandomUUID\(|getRandomValues\(/.test(
        readFileSync(join(root, file), 'utf8'),
      ),
    )
    expect(wrong).toEqual([])
  })
})
