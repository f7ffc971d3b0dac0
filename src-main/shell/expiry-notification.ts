import type { WithinDays } from '../contract/domain-calls'
import type { EpochMs } from '../contract/model'
import type { MenuLanguage } from './menu'

/** What the notification is about. */
export interface ExpiryFacts {
  readonly label: string
  readonly endsAt: EpochMs
  readonly withinDays: WithinDays
}

const words = {
  en: {
    title: 'A certificate ends soon',
    titleOver: 'A certificate has ended',
    body: (label: string, day: string) =>
      `The certificate of “${label}” ends on ${day}. Renew it in time.`,
    bodyOver: (label: string, day: string) =>
      `The certificate of “${label}” ended on ${day}. Put a renewed one in its place.`,
  },
  fr: {
    title: 'Un certificat expire bientôt',
    titleOver: 'Un certificat a expiré',
    body: (label: string, day: string) =>
      `Le certificat de « ${label} » expire le ${day}. Renouvelez-le à temps.`,
    bodyOver: (label: string, day: string) =>
      `Le certificat de « ${label} » a expiré le ${day}. Remplacez-le par un certificat renouvelé.`,
  },
} as const

/** What a notification says: the name of the domain and a day, no address. */
export function expiryText(
  { label, endsAt, withinDays }: ExpiryFacts,
  language: MenuLanguage,
): { title: string; body: string } {
  const say = words[language]
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'long' }).format(endsAt)
  return withinDays === 0
    ? { title: say.titleOver, body: say.bodyOver(label, day) }
    : { title: say.title, body: say.body(label, day) }
}
