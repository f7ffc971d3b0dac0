import { CoffretError } from '../contract/errors'
import type { SecretPath } from '../contract/model'
import type { SecretStore, WriteOutcome, WriteRequest } from '../kv/secret-store'
import { isOkmsPath, lastOkmsVersion, okmsPathRule } from '../wire/okms-rules'
import { ifThere } from './secret-reading'

/**
 * A write that keeps the OKMS rules about what is there: a new path is in the narrow alphabet, and no
 * version is numbered above 24,000. Source: okms-api L15, L36, L44.
 * @throws CoffretError as {@link SecretStore.write}, and `invalid`
 */
export async function okmsWrite(
  store: SecretStore,
  path: SecretPath,
  request: WriteRequest,
): Promise<WriteOutcome> {
  const writesData = request.data !== undefined || request.patch !== undefined
  const current = await ifThere(store.readMetadata(path))
  if (current === undefined && request.mode !== 'update' && !isOkmsPath(path)) {
    throw new CoffretError('invalid', okmsPathRule, { field: 'path' })
  }
  if (writesData && (current?.currentVersion ?? 0) >= lastOkmsVersion) {
    throw new CoffretError('invalid', `version ${lastOkmsVersion} is the last one`)
  }
  return store.write(path, request)
}
