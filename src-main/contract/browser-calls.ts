import { z } from 'zod'
import { Bytes, CredentialFile, FilePath, call, nothing } from './call'
import { EpochMs } from './model'

/** Names a certificate store of a browser on this machine. */
export const BrowserStoreId = z
  .string()
  .regex(/^[\w.:-]{1,160}$/)
  .brand('BrowserStoreId')
export type BrowserStoreId = z.infer<typeof BrowserStoreId>

/** SHA-256 of a certificate: hexadecimal pairs in upper case, separated by colons. */
const Fingerprint = z.string().regex(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/)

/** A program and its arguments. No password is ever among them. */
const Command = z.array(z.string()).readonly()

/** A certificate that Coffret put into a store. */
export const BrowserCertificate = z.object({
  /** What it is called there. */
  nickname: z.string(),
  subject: z.string(),
  sha256Fingerprint: Fingerprint,
  validTo: EpochMs,
})
export type BrowserCertificate = z.infer<typeof BrowserCertificate>

/** A certificate store of a browser on this machine. */
export const BrowserStore = z.object({
  id: BrowserStoreId,
  browser: z.enum(['firefox', 'chromium']),
  /** Firefox or a program made from it, or the programs of the Chromium family that share the store. */
  program: z.string(),
  packaging: z.enum(['system', 'snap', 'flatpak']),
  /** The profile; empty for the Chromium family. */
  name: z.string(),
  path: FilePath,
  /** The profile that the browser starts with. */
  isDefault: z.boolean(),
  /** Otherwise it is made on import, as the browser would make it. */
  exists: z.boolean(),
  /** Its database says nothing: another program holds it, or it is damaged. Nobody knows what is in it. */
  isClosed: z.literal(true).optional(),
  /** It will not see a change before it is started again. */
  isRunning: z.boolean(),
  /**
   * What an import runs, word for word: in a private folder, with `client.p12` and the passwords in it as
   * files. In `BrowserImport.commands` it may be followed by what makes the chain fit.
   */
  commands: z.array(Command).readonly(),
  certificates: z.array(BrowserCertificate).readonly(),
})
export type BrowserStore = z.infer<typeof BrowserStore>

/** The browsers of this machine. */
export const BrowserList = z.object({
  system: z.enum(['linux', 'macos', 'windows', 'other']),
  /** Coffret can import into these itself. */
  stores: z.array(BrowserStore).readonly(),
  /** What is to be installed before it can; absent when nothing is missing. */
  missingTools: z.object({ package: z.string(), command: Command }).optional(),
})
export type BrowserList = z.infer<typeof BrowserList>

/** What came of an import. */
export const BrowserImport = z.object({
  certificate: BrowserCertificate,
  /** It lies under a name that was there before, so Coffret cannot tell it from yours and leaves it. */
  canBeRemoved: z.boolean(),
  /** What was run and changed the store, or proved the change, in order. */
  commands: z.array(Command).readonly(),
  isRunning: z.boolean(),
})
export type BrowserImport = z.infer<typeof BrowserImport>

/** Where steps can be shown for. */
export const BrowserTarget = z.enum([
  'firefox',
  'chromium-linux',
  'chrome-windows',
  'edge-windows',
  'chrome-macos',
  'safari-macos',
])
export type BrowserTarget = z.infer<typeof BrowserTarget>

/** One step of an import by hand. Labels are those that the browser shows in English. */
export const BrowserStep = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open-address'), address: z.string() }),
  z.object({ kind: z.literal('open-program'), program: z.string() }),
  z.object({ kind: z.literal('press'), labels: z.array(z.string()).readonly() }),
  z.object({ kind: z.literal('choose-file'), extension: z.string() }),
  z.object({ kind: z.literal('type-password') }),
  z.object({ kind: z.literal('restart-browser') }),
])
export type BrowserStep = z.infer<typeof BrowserStep>

/** How a person imports without us. */
export const BrowserGuide = z.object({
  /** The PKCS#12 that the target takes. */
  profile: z.enum(['modern', 'compatible']),
  steps: z.array(BrowserStep).readonly(),
  /** The same in a terminal, where there is a way; each asks for the password itself. */
  commands: z
    .array(z.object({ shell: z.enum(['sh', 'cmd', 'powershell']), text: z.string() }))
    .readonly(),
})
export type BrowserGuide = z.infer<typeof BrowserGuide>

/** The primary password of a Firefox profile. */
export const DatabasePassword = Bytes.refine(
  (b) => b.length <= 1024,
  'password is at most 1024 bytes',
)

/** Certificates in browsers. */
export const browserCalls = {
  'browser.list': call(nothing, BrowserList),
  /**
   * @throws CoffretError as `credential.savePkcs12`; `wrong_password` with the field `databasePassword`
   * when the store has a primary password; `unsupported` with the field `tools` when they are missing,
   * with the field `files` when the browser knows no such key; with the field `store` `not_writable`,
   * `corrupt` when its database is damaged, `busy` when another program holds it or it is damaged in a
   * way that is not seen from outside; `cancelled`, and nothing was changed; `not_found`, `storage`
   */
  'browser.import': call(
    z.strictObject({
      store: BrowserStoreId,
      files: z.array(CredentialFile).min(1).max(16),
      keyPassword: z.string().max(1024).optional(),
      name: z.string().max(64),
      databasePassword: DatabasePassword.optional(),
    }),
    BrowserImport,
  ),
  /** Ends what is being imported into a store; nothing happens when nothing is, or when it is there already. */
  'browser.cancelImport': call(z.strictObject({ store: BrowserStoreId }), nothing),
  /**
   * Takes out what Coffret put there: key, certificate, and of its chain what no other certificate needs.
   * @throws CoffretError `not_found`, `wrong_password`, and of the field `store` as `browser.import`
   */
  'browser.remove': call(
    z.strictObject({
      store: BrowserStoreId,
      sha256Fingerprint: Fingerprint,
      databasePassword: DatabasePassword.optional(),
    }),
    nothing,
  ),
  'browser.steps': call(z.strictObject({ target: BrowserTarget }), BrowserGuide),
} as const
