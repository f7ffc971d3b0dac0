import { z } from 'zod'

// Zod compiles its parsers with `new Function` where it may. It tries, and in the page each try is a
// violation of the policy that forbids it. Before the first schema is made, that is: imported first.
if ('document' in globalThis) z.config({ jitless: true })
