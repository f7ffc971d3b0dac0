import { conversionsOf } from './conversions'

for (const bits of [2048, 3072, 4096, 8192]) conversionsOf(`RSA ${bits}`)
