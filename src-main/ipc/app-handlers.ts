import type { Preferences } from '../contract/calls'
import type { HandlersOf } from './handlers-of'
import type { HandlerPorts } from './ports'

/** The program, its preferences, and what of the clipboard concerns no store. */
export function appHandlers({ app, settings, clipboard }: HandlerPorts) {
  return {
    'app.info': () => app.info(),
    'app.quit': () => app.quit(),

    'preferences.read': () => settings.read().preferences,
    'preferences.write': (change) => {
      const preferences = { ...settings.read().preferences, ...given(change) }
      settings.change({ preferences })
      app.applyPreferences(preferences)
      return preferences
    },

    'clipboard.clear': () => clipboard.clear(),
    'clipboard.copyText': ({ text }) => clipboard.copyText(text),
    'clipboard.copySecret': async ({ text }) => ({ clearsAt: await clipboard.copySecret(text) }),
  } satisfies HandlersOf<'app' | 'preferences' | 'clipboard'>
}

/** A property that is there and undefined changes nothing. */
function given(change: { [K in keyof Preferences]?: Preferences[K] | undefined }) {
  const entries = Object.entries(change).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Partial<Preferences>
}
