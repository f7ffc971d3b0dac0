/** The forms of a noun that a language tells apart; `other` is always there. */
export type Forms = { readonly other: string } & Partial<Record<Intl.LDMLPluralRule, string>>

/** Makes "1 version", "2 versions" in a language. */
export function counted(locale: string): (n: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(locale)
  const numbers = new Intl.NumberFormat(locale)
  return (n, forms) => `${numbers.format(n)} ${forms[rules.select(n)] ?? forms.other}`
}

/** A day, for example 21 Nov 2026. */
export function dateText(locale: string, at: number): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(at)
}

/** A day and a time. */
export function dateTimeText(locale: string, at: number): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(at)
}

/** A time of the day. */
export function timeText(locale: string, at: number): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(at)
}

/** "12.4 / 64", in kilobytes of 1,024 bytes; the unit depends on the language. */
export function bytesText(locale: string, bytes: number, limit: number): string {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  return `${number.format(bytes / 1024)} / ${number.format(limit / 1024)}`
}

/** The size of a file: "812 kB", "1.4 MB", with thousands of bytes as file managers count them. */
export function sizeText(locale: string, bytes: number): string {
  const [unit, size] =
    bytes < 1_000_000 ? (['kilobyte', bytes / 1000] as const) : (['megabyte', bytes / 1e6] as const)
  const digits = unit === 'kilobyte' ? 0 : 1
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    maximumFractionDigits: digits,
  }).format(size)
}
