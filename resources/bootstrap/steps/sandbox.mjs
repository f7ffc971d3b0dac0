import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { say } from '../say.mjs'
import { runsAsNobody } from '../unprivileged.mjs'

/**
 * The switches that Chromium's sandbox needs here: none, unless this system refuses user namespaces
 * to ordinary users and the setuid helper is not set up either.
 * @param {string} executable
 */
export function sandboxSwitches(executable) {
  if (process.platform !== 'linux') return []
  // With `-r`: Ubuntu's AppArmor lets `unshare -U` alone succeed and refuses what the sandbox does next.
  if (runsAsNobody('unshare', ['-Ur', 'true']) || hasSetuidHelper(executable)) return []
  say(
    'sandbox',
    'OFF: this system refuses user namespaces (sysctl kernel.unprivileged_userns_clone, ' +
      'user.max_user_namespaces or kernel.apparmor_restrict_unprivileged_userns)',
  )
  return ['--no-sandbox']
}

/** @param {string} executable */
function hasSetuidHelper(executable) {
  try {
    const { uid, mode } = statSync(join(dirname(executable), 'chrome-sandbox'))
    return uid === 0 && (mode & 0o4111) === 0o4111
  } catch {
    return false
  }
}
