import { conversionsOf } from './conversions'

for (const type of ['EC P-256', 'EC P-384', 'EC P-521', 'Ed25519']) conversionsOf(type)
