/** What the system says of a file, in words. Source: errno(3). */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'you may not',
  EDQUOT: 'your share of the disk is full',
  EEXIST: 'it is there already',
  EFBIG: 'it would be too large',
  EIO: 'the disk failed',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'part of its path is no folder',
  EPERM: 'the system does not allow it',
  EPIPE: 'nobody reads it any more',
  EROFS: 'the disk can only be read',
}

/** The code of a failed system call; empty for any other failure. */
export function systemCode(cause: unknown): string {
  const { code } = cause as { code?: unknown }
  return typeof code === 'string' ? code : ''
}

/** Why a system call failed, in words where there are any. */
export function systemReason(cause: unknown): string {
  const code = systemCode(cause)
  return reasons[code] ?? (code === '' ? 'for a reason that is not known' : code)
}
