import { withLock } from './lock.mjs'
import { runMain } from './main.mjs'
import { isRoot, projectFile, projectFolder } from './places.mjs'
import { run } from './run.mjs'
import { prepareRuntime } from './runtime.mjs'
import { SetupError } from './say.mjs'
import { forgetBuild } from './steps/build.mjs'
import { install } from './steps/install.mjs'
import { privateHome, runsAsNobody } from './unprivileged.mjs'

// npm run dev [-- arguments for electron-vite]
await runMain(async () => {
  if (!runsAsNobody('test', ['-r', projectFile('package.json')])) {
    throw new SetupError('dev: as root, Electron runs as user nobody, who cannot read this folder')
  }
  await withLock(projectFolder, install)
  const runtime = await prepareRuntime()
  // What it leaves in `out/` is made for reloading, not for `npm start`.
  forgetBuild()
  try {
    const home = isRoot ? privateHome('/var/lib/coffret') : {}
    const sandbox = runtime.switches.includes('--no-sandbox') ? ['--noSandbox'] : []
    const electronVite = projectFile('node_modules/electron-vite/bin/electron-vite.js')
    const args = [electronVite, 'dev', '--watch', ...sandbox, ...process.argv.slice(2)]
    const env = { ...process.env, ...runtime.env, ...home, ELECTRON_EXEC_PATH: runtime.executable }
    return (await run(process.execPath, args, { show: true, env })).code
  } finally {
    runtime.stop()
  }
})
