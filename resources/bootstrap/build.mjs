import { withLock } from './lock.mjs'
import { runMain } from './main.mjs'
import { projectFolder } from './places.mjs'
import { build, forgetBuild } from './steps/build.mjs'
import { install } from './steps/install.mjs'

// npm run build [-- --force]
await runMain(() =>
  withLock(projectFolder, async () => {
    await install()
    if (process.argv.includes('--force')) forgetBuild()
    await build()
    return 0
  }),
)
