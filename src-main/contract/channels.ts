/** The names between preload and main: calls, events, and "somebody is here" without content. */
export const channels = {
  call: 'coffret:call',
  event: 'coffret:event',
  activity: 'coffret:activity',
} as const
