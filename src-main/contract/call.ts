import './without-eval'
import { z } from 'zod'

/** What one call takes and gives. */
export interface Call<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly input: I
  readonly output: O
}

/** A line of the table of calls. */
export function call<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): Call<I, O> {
  return { input, output }
}

/** A call takes nothing, or gives nothing. */
export const nothing = z.void()

/** A byte string. */
export const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'not bytes')

/** A passphrase: NFC, 1 to 1,024 bytes of UTF-8. Bytes, so that both sides can overwrite them. */
export const Passphrase = Bytes.refine(
  (b) => b.length >= 1 && b.length <= 1024,
  'passphrase is 1 to 1024 bytes',
)

/** The path of a file of this computer. */
export const FilePath = z.string().min(1).max(4096)

/** A file dropped on the window or chosen. */
export const CredentialFile = z.strictObject({
  name: z.string().max(1024),
  bytes: z
    .instanceof(Uint8Array)
    .refine((b) => b.length <= 1_048_576, 'a credential file is at most 1 MiB'),
})
