import { expect, test } from 'vitest'
import { cacheFolderOf } from '../../../resources/bootstrap/places.mjs'

const user = { isRoot: false, platform: 'linux', home: '/home/ada', env: {} }

test.each([
  ['a user', user, '/home/ada/.cache/coffret'],
  ['a user with XDG_CACHE_HOME', { ...user, env: { XDG_CACHE_HOME: '/x' } }, '/x/coffret'],
  ['root, below a folder that others may read', { ...user, isRoot: true }, '/var/cache/coffret'],
  ['a user of macOS', { ...user, platform: 'darwin' }, '/home/ada/Library/Caches/coffret'],
  ['who sets COFFRET_CACHE', { ...user, isRoot: true, env: { COFFRET_CACHE: '/c' } }, '/c'],
])('the cache of %s', (_, machine, expected) => {
  expect(cacheFolderOf(machine)).toBe(expected)
})
