import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { systemHome } from '../../../src-main/pki/browsers/home'
import { findStores } from '../../../src-main/pki/browsers/stores'
import { chromiumLock, deadPid, profilesIni, temporaryHome } from './temporary-home'

const firefox = '.mozilla/firefox'

describe('Firefox', () => {
  test.each([
    [firefox, 'system', 'firefox:p.default'],
    ['.config/mozilla/firefox', 'system', 'firefox:p.default'],
    [`snap/firefox/common/${firefox}`, 'snap', 'firefox-snap:p.default'],
    [`.var/app/org.mozilla.firefox/${firefox}`, 'flatpak', 'firefox-flatpak:p.default'],
    ['.var/app/org.mozilla.firefox/config/mozilla/firefox', 'flatpak', 'firefox-flatpak:p.default'],
  ])('has its profiles in ~/%s', (root, packaging, id) => {
    const { home, put, makeProfile } = temporaryHome()
    put(`${root}/profiles.ini`, `${profilesIni('p.default')}\n[Install1]\nDefault=p.default\n`)
    const path = makeProfile(root, 'p.default')
    const common = {
      browser: 'firefox',
      program: 'Firefox',
      name: 'name 0',
      isDefault: true,
      exists: true,
    }
    expect(findStores(home)).toEqual([{ ...common, id, packaging, path, isRunning: false }])
  })

  test('has them where XDG_CONFIG_HOME leads, within the home', () => {
    const { folder, environment, put, makeProfile } = temporaryHome()
    put('settings/mozilla/firefox/profiles.ini', profilesIni('p'))
    const path = makeProfile('settings/mozilla/firefox', 'p')
    const home = systemHome({ ...environment, XDG_CONFIG_HOME: join(folder, 'settings') })
    expect(findStores(home).map((store) => store.path)).toEqual([path])
  })

  test('in two places gives each profile an id of its own', () => {
    const { home, put, makeProfile } = temporaryHome()
    for (const root of [firefox, '.config/mozilla/firefox']) {
      put(`${root}/profiles.ini`, profilesIni('p'))
      makeProfile(root, 'p')
    }
    expect(findStores(home).map(({ id }) => id)).toEqual(['firefox:p', 'firefox:p:2'])
  })

  test.each([
    ['LibreWolf', '.librewolf', 'librewolf:p'],
    ['LibreWolf', '.config/librewolf/librewolf', 'librewolf:p'],
    ['LibreWolf', '.var/app/io.gitlab.librewolf-community/.librewolf', 'librewolf-flatpak:p'],
    ['Waterfox', '.waterfox', 'waterfox:p'],
    ['Floorp', '.floorp', 'floorp:p'],
    ['Zen', '.zen', 'zen:p'],
  ])('as %s has its profiles in ~/%s', (program, root, id) => {
    const { home, put, makeProfile } = temporaryHome()
    put(`${root}/profiles.ini`, profilesIni('p'))
    makeProfile(root, 'p')
    expect(findStores(home)).toMatchObject([{ program, id, browser: 'firefox' }])
  })

  test('has profiles in a group that only its database names', () => {
    const { home, put, makeProfile, makeFolder } = temporaryHome()
    for (const name of ['a1.default', 'b2.Work', 'Crash Reports']) makeProfile(firefox, name)
    makeFolder(`${firefox}/c3.never started`)
    put(`${firefox}/profiles.ini`, profilesIni('a1.default'))
    expect(findStores(home)).toHaveLength(1)
    put(`${firefox}/profiles.ini`, `${profilesIni('a1.default')}StoreID=5ba3e2f0\n`)
    expect(findStores(home)).toMatchObject([
      { id: 'firefox:a1.default', name: 'name 0' },
      { id: 'firefox:b2.Work', name: 'Work', isDefault: false },
    ])
  })

  test('that was never started has a profile without a database', () => {
    const { home, put, makeFolder } = temporaryHome()
    put(`${firefox}/profiles.ini`, profilesIni('new'))
    makeFolder(`${firefox}/new`)
    expect(findStores(home)).toMatchObject([{ id: 'firefox:new', exists: false }])
  })

  test('runs while the process of its lock lives', () => {
    const { home, put, makeProfile, link } = temporaryHome()
    put(`${firefox}/profiles.ini`, profilesIni('open', 'closed', 'crashed'))
    for (const name of ['open', 'closed', 'crashed']) makeProfile(firefox, name)
    link(`${firefox}/open/lock`, `127.0.1.1:+${process.pid}`)
    link(`${firefox}/crashed/lock`, `127.0.1.1:+${deadPid()}`)
    const running = findStores(home).filter(({ isRunning }) => isRunning)
    expect(running.map(({ id }) => id)).toEqual(['firefox:open'])
  })

  test('as a flatpak runs while an instance of it lives', () => {
    const { home, environment, put, makeProfile, link } = temporaryHome()
    const root = `.var/app/org.mozilla.firefox/${firefox}`
    put(`${root}/profiles.ini`, profilesIni('p'))
    makeProfile(root, 'p')
    // It counts its processes for itself: this number is somebody else's.
    link(`${root}/p/lock`, `127.0.1.1:+${process.pid}`)
    expect(findStores(home)).toMatchObject([{ isRunning: false }])

    const instance = join(environment['XDG_RUNTIME_DIR'] ?? '', '.flatpak/12345')
    mkdirSync(instance, { recursive: true })
    writeFileSync(join(instance, 'info'), '[Application]\nname=org.mozilla.firefox\n')
    writeFileSync(join(instance, 'pid'), `${process.pid}`)
    expect(findStores(home)).toMatchObject([{ isRunning: true }])
    writeFileSync(join(instance, 'pid'), `${deadPid()}`)
    expect(findStores(home)).toMatchObject([{ isRunning: false }])
  })
})

describe('a profiles.ini that leads elsewhere', () => {
  test.each([
    ['out of the home', '/etc'],
    ['out of the home by steps', '../../../..'],
    ['to the folder of the profiles', '.'],
    ['above it', '..'],
    ['to nothing', 'missing'],
    ['to a file', 'profiles.ini'],
    ['with a zero', 'a\0b'],
  ])('%s names no profile', (_, path) => {
    const { home, put } = temporaryHome()
    put(`${firefox}/profiles.ini`, profilesIni(path))
    expect(findStores(home)).toEqual([])
  })

  test('by a link out of the home names no profile', () => {
    const { home, put, link } = temporaryHome()
    put(`${firefox}/profiles.ini`, profilesIni('p'))
    link(`${firefox}/p`, '/var')
    expect(findStores(home)).toEqual([])
  })

  test('elsewhere within the home names one, as Firefox lets people do', () => {
    const { folder, home, put, makeProfile } = temporaryHome()
    const path = makeProfile('work', 'profile')
    put(`${firefox}/profiles.ini`, profilesIni(join(folder, 'work/profile')))
    expect(findStores(home)).toMatchObject([{ path }])
  })

  test('out of its sandbox names no profile', () => {
    const { folder, home, put, makeProfile } = temporaryHome()
    makeProfile('.pki', 'elsewhere')
    const ini = profilesIni(join(folder, '.pki/elsewhere'))
    put(`snap/firefox/common/${firefox}/profiles.ini`, ini)
    put(`.var/app/org.mozilla.firefox/${firefox}/profiles.ini`, ini)
    expect(findStores(home)).toEqual([])
  })

  test('says both that a path is relative and not names no profile', () => {
    const { folder, home, put, makeProfile } = temporaryHome()
    makeProfile(firefox, 'p')
    const full = join(folder, firefox, 'p')
    put(
      `${firefox}/profiles.ini`,
      `[Profile0]\nIsRelative=1\nPath=${full}\n[Profile1]\nIsRelative=0\nPath=p\n`,
    )
    expect(findStores(home)).toEqual([])
  })

  test('has a name that cannot break the line it is shown on', () => {
    const { home, put, makeProfile } = temporaryHome()
    makeProfile(firefox, 'p')
    put(
      `${firefox}/profiles.ini`,
      `[Profile0]\nName=a\u001b[31m\u202eb${'x'.repeat(99)}\nIsRelative=1\nPath=p\n`,
    )
    expect(findStores(home)).toMatchObject([{ name: `a[31mb${'x'.repeat(58)}` }])
  })

  test('of a megabyte is not read', () => {
    const { home, put, makeProfile } = temporaryHome()
    makeProfile(firefox, 'p')
    put(`${firefox}/profiles.ini`, `${profilesIni('p')}${';\n'.repeat(500_000)}`)
    expect(findStores(home)).toEqual([])
  })
})

describe('a database', () => {
  test.each(['cert9.db', 'key4.db'])('whose %s is a link is left alone', (name) => {
    const { folder, home, put, makeFolder, link } = temporaryHome()
    put(`${firefox}/profiles.ini`, profilesIni('p'))
    makeFolder(`${firefox}/p`)
    put(`${firefox}/p/${name === 'cert9.db' ? 'key4.db' : 'cert9.db'}`)
    put('elsewhere.db')
    link(`${firefox}/p/${name}`, join(folder, 'elsewhere.db'))
    expect(findStores(home)).toEqual([])
  })

  test.each(['cert8.db', 'cert9.db'])('of which only %s is there is left alone', (name) => {
    const { home, put } = temporaryHome()
    put(`${firefox}/profiles.ini`, profilesIni('p'))
    put(`${firefox}/p/${name}`)
    expect(findStores(home)).toEqual([])
  })
})

describe('Chromium', () => {
  test('that was started keeps certificates in the folder for data', () => {
    const { folder, home, makeFolder } = temporaryHome()
    makeFolder('.config/chromium')
    makeFolder('.config/BraveSoftware/Brave-Browser')
    expect(findStores(home)).toEqual([
      {
        ...{ id: 'chromium', browser: 'chromium', packaging: 'system', isDefault: true },
        ...{ program: 'Chromium, Brave', name: '', path: join(folder, '.local/share/pki/nssdb') },
        ...{ exists: false, isRunning: false },
      },
    ])
  })

  test('goes on in ~/.pki/nssdb where that is there', () => {
    const { home, makeFolder, makeProfile } = temporaryHome()
    makeFolder('.config/chromium')
    const newPath = makeProfile('.local/share/pki', 'nssdb')
    expect(findStores(home)).toMatchObject([{ path: newPath, exists: true }])
    const oldPath = makeProfile('.pki', 'nssdb')
    expect(findStores(home)).toMatchObject([{ path: oldPath, exists: true }])
  })

  test('follows XDG_DATA_HOME', () => {
    const { folder, environment, makeFolder } = temporaryHome()
    makeFolder('.config/chromium')
    const home = systemHome({ ...environment, XDG_DATA_HOME: join(folder, 'data') })
    expect(findStores(home)).toMatchObject([{ path: join(folder, 'data/pki/nssdb') }])
  })

  test.each([
    ['chromium', 'Microsoft Edge Beta', '.config/microsoft-edge-beta'],
    ['chromium', 'Brave Beta', '.config/BraveSoftware/Brave-Browser-Beta'],
    ['chromium', 'Vivaldi Snapshot', '.config/vivaldi-snapshot'],
    ['org.chromium.Chromium', 'Chromium', '.var/app/org.chromium.Chromium/config/chromium'],
    [
      'com.google.ChromeDev',
      'Google Chrome Dev',
      '.var/app/com.google.ChromeDev/config/google-chrome-unstable',
    ],
    ['com.brave.Browser', 'Brave', '.var/app/com.brave.Browser/config/BraveSoftware/Brave-Browser'],
    ['com.microsoft.Edge', 'Microsoft Edge', '.var/app/com.microsoft.Edge/config/microsoft-edge'],
  ])('is found as %s: %s', (id, program, folder) => {
    const { home, makeFolder } = temporaryHome()
    makeFolder(folder)
    expect(findStores(home)).toMatchObject([{ id, program, browser: 'chromium', exists: false }])
  })

  test('as snap and as flatpak has a database of its own', () => {
    const { folder, home, makeFolder } = temporaryHome()
    makeFolder('snap/chromium/common/chromium')
    makeFolder('snap/chromium/current')
    makeFolder('.var/app/com.google.Chrome/config/google-chrome')
    expect(findStores(home).map(({ id, packaging, path }) => [id, packaging, path])).toEqual([
      ['chromium-snap', 'snap', join(folder, 'snap/chromium/current/.local/share/pki/nssdb')],
      ['com.google.Chrome', 'flatpak', join(folder, '.var/app/com.google.Chrome/data/pki/nssdb')],
    ])
  })

  test('in a sandbox cannot name a database out of it', () => {
    const { folder, home, makeFolder, makeProfile, link } = temporaryHome()
    makeFolder('snap/chromium/common/chromium')
    const elsewhere = makeProfile('precious', 'nssdb')
    link('snap/chromium/current/.pki/nssdb', elsewhere)
    expect(findStores(home)).toEqual([])
    expect(elsewhere.startsWith(folder)).toBe(true)
  })

  test('runs while the process of its lock lives, on this machine', () => {
    const { home, makeFolder, link } = temporaryHome()
    makeFolder('.config/chromium')
    makeFolder('.config/google-chrome')
    link('.config/chromium/SingletonLock', chromiumLock(deadPid()))
    expect(findStores(home)).toMatchObject([{ isRunning: false }])
    link('.config/google-chrome/SingletonLock', chromiumLock())
    expect(findStores(home)).toMatchObject([{ isRunning: true }])
  })

  test('of another machine with the same home does not run here', () => {
    const { home, makeFolder, link } = temporaryHome()
    makeFolder('.config/chromium')
    link('.config/chromium/SingletonLock', `elsewhere-${process.pid}`)
    expect(findStores(home)).toMatchObject([{ isRunning: false }])
  })
})

test('a home without browsers has no stores', () => {
  expect(findStores(temporaryHome().home)).toEqual([])
})
