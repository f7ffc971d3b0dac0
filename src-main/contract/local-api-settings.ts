import { z } from 'zod'
import { VaultId } from './model'

/** What is listened at for programs, and for which vault. */
export const LocalApiSettings = z.strictObject({
  /** It listens once the vault was unlocked, and goes on while the vault is locked, answering that it is. */
  isOn: z.boolean(),
  /** Which vault is served; absent until one was chosen. */
  vault: VaultId.optional(),
  /** 1 to 65,535; 0 for any that is free. */
  port: z.number().int().min(0).max(65_535),
  /** An absolute path; one in a private folder of the session when absent. */
  socket: z.string().min(1).max(103).startsWith('/').optional(),
})
export type LocalApiSettings = z.infer<typeof LocalApiSettings>

/** The settings of somebody who has chosen nothing: nobody listens. */
export const defaultLocalApiSettings: LocalApiSettings = { isOn: false, port: 8250 }

const { shape } = LocalApiSettings

/** As read from disk: whatever part is damaged falls back to its default. */
export const StoredLocalApiSettings = z
  .object({
    isOn: shape.isOn.catch(false),
    vault: shape.vault.catch(undefined),
    port: shape.port.catch(defaultLocalApiSettings.port),
    socket: shape.socket.catch(undefined),
  })
  .catch(defaultLocalApiSettings)
