import { withLock } from './lock.mjs'
import { runMain } from './main.mjs'
import { projectFile, projectFolder } from './places.mjs'
import { run } from './run.mjs'
import { say, secondsSince } from './say.mjs'
import { install } from './steps/install.mjs'

const cache = 'node_modules/.cache'

/** What is checked: a name, and a program of a package with its arguments. */
// prettier-ignore
const checks = [
  { name: 'types of src-main', program: 'typescript/bin/tsc', args: types('src-main') },
  { name: 'types of test', program: 'typescript/bin/tsc', args: types('test') },
  { name: 'types of src-renderer', program: 'svelte-check/bin/svelte-check',
    args: ['--tsconfig', 'src-renderer/tsconfig.json', '--fail-on-warnings', '--output', 'human'] },
  { name: 'lint', program: 'eslint/bin/eslint.js',
    args: ['.', '--max-warnings=0', '--cache', '--cache-strategy=content', `--cache-location=${cache}/eslint/`] },
  { name: 'layout', program: 'prettier/bin/prettier.cjs',
    args: ['.', '--check', '--cache', '--cache-strategy=content', `--cache-location=${cache}/prettier.json`] },
]

// npm run check
await runMain(async () => {
  const start = Date.now()
  await withLock(projectFolder, install)
  const results = await Promise.all(checks.map(passes))
  const failed = results.filter((passed) => !passed).length
  say('check', `${failed === 0 ? 'all good' : `${failed} failed`} in ${secondsSince(start)}`)
  return failed === 0 ? 0 : 1
})

/** @param {{ name: string, program: string, args: string[] }} check */
async function passes({ name, program, args }) {
  const start = Date.now()
  const { code, output } = await run(process.execPath, [
    projectFile(`node_modules/${program}`),
    ...args,
  ])
  if (code !== 0) console.log(output.trim())
  say('check', `${name} ${code === 0 ? 'good' : 'FAILED'} in ${secondsSince(start)}`)
  return code === 0
}

/** @param {string} folder */
function types(folder) {
  return ['-p', folder, '--incremental', '--tsBuildInfoFile', `${cache}/tsc-${folder}.json`]
}
