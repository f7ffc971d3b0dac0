/**
 * Chromium switches that would open the window to others, or switch off what protects it. Fuses do not
 * cover them, so a packaged Coffret refuses to start with any.
 */
export const dangerousSwitches = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'no-sandbox',
  'disable-web-security',
  'load-extension',
  'js-flags',
  'host-resolver-rules',
  'ignore-certificate-errors',
  'user-data-dir',
] as const

/** The dangerous switches that are set. */
export function dangerousAmong(hasSwitch: (name: string) => boolean): string[] {
  return dangerousSwitches.filter(hasSwitch)
}
