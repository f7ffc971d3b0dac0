import { withLock } from './lock.mjs'
import { runMain } from './main.mjs'
import { isRoot, projectFolder } from './places.mjs'
import { run } from './run.mjs'
import { appFolder, prepareRuntime } from './runtime.mjs'
import { say } from './say.mjs'
import { build } from './steps/build.mjs'
import { install } from './steps/install.mjs'
import { privateHome } from './unprivileged.mjs'

/** The home of the app when root starts it: vaults made then lie in it. */
const homeForRoot = '/var/lib/coffret'

// npm start [-- arguments for the app]
await runMain(async () => {
  const app = await withLock(projectFolder, async () => {
    await install()
    await build()
    return appFolder()
  })
  const runtime = await prepareRuntime()
  try {
    if (isRoot) say('start', `as user nobody, not as root; its home is ${homeForRoot}`)
    say('start', 'opening the window, close it or press Ctrl+C to end')
    const home = isRoot ? privateHome(homeForRoot) : {}
    const args = [app, ...runtime.switches, ...process.argv.slice(2)]
    const env = { ...process.env, ...runtime.env, ...home }
    return (await run(runtime.executable, args, { show: true, cwd: app, env })).code
  } finally {
    runtime.stop()
  }
})
