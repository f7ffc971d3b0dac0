import type { MenuItemConstructorOptions } from 'electron'

/** What the menu does. */
export interface MenuActions {
  readonly lock: () => void
  /** Opens the description of the API. */
  readonly describeApi: () => void
}

/** The few words of the system menu; all others are in the window. */
const words = {
  en: { lock: 'Lock', api: 'API description', quit: 'Quit', edit: 'Edit' },
  fr: { lock: 'Verrouiller', api: 'Description de l’API', quit: 'Quitter', edit: 'Édition' },
} as const

/** The languages of the menu. */
export type MenuLanguage = keyof typeof words

/** The menu's language for a BCP 47 tag: English where it has no words. */
export function menuLanguage(tag: string): MenuLanguage {
  return tag.toLowerCase().split('-')[0] === 'fr' ? 'fr' : 'en'
}

/** A menu of what people expect of every program, and nothing that opens the page to anybody. */
export function menuTemplate(
  language: MenuLanguage,
  { lock, describeApi }: MenuActions,
): MenuItemConstructorOptions[] {
  const say = words[language]
  return [
    {
      label: 'Coffret',
      submenu: [
        // The key itself is heard in the window, where a page in trouble cannot swallow it.
        {
          label: say.lock,
          accelerator: 'CmdOrCtrl+L',
          registerAccelerator: false,
          click: lock,
        },
        { label: say.api, click: describeApi },
        { type: 'separator' },
        { label: say.quit, role: 'quit' },
      ],
    },
    {
      label: say.edit,
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
  ]
}
