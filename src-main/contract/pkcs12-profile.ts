import { z } from 'zod'

/** `modern`: AES-256, PBKDF2-HMAC-SHA256, MAC SHA-256. `compatible`: 3DES, MAC SHA-1. */
export const Pkcs12Profile = z.enum(['modern', 'compatible'])
export type Pkcs12Profile = z.infer<typeof Pkcs12Profile>
