/* eslint-disable @typescript-eslint/no-require-imports -- Electron 25 loads its app as CommonJS */
// Does what the default app of an Electron binary does: `electron FOLDER` runs the app in that folder.
// Source: electron 25, default_app/main.ts (loadApplicationPackage).
const { app } = require('electron')
const Module = require('node:module')
const path = require('node:path')

const folder = process.argv.slice(1).find((argument) => !argument.startsWith('-'))
if (folder === undefined) {
  console.error('usage: electron FOLDER')
  process.exit(1)
}

Object.defineProperty(process, 'defaultApp', { enumerable: true, value: true })
const appPath = path.resolve(folder)
const { name, productName, version } = require(path.join(appPath, 'package.json'))
app.setName(productName ?? name)
app.setVersion(version)
app.setDesktopName(`${app.getName()}.desktop`)
app.setAppPath(appPath)
// As the main module: what asks `require.main` gets the app and not this loader.
Module._load(appPath, module, true)
