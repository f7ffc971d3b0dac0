import { extname } from 'node:path'
import type { AuditFilter, AuditReader } from '../kv/audit-log'
import { auditHead, auditText, type AuditFormat } from './audit-text'
import type { HandlersOf } from './handlers-of'
import type { HandlerPorts } from './ports'

/** How many lines are read at once for a file; between them others have their turn. */
const linesAtOnce = 1000

/** The audit log of a vault: shown, written out, proven. */
export function auditHandlers({ stores, dialog, files }: HandlerPorts) {
  return {
    'audit.list': ({ vault, filter, ...page }) =>
      stores.vault(vault).audit.page({ ...filter, ...page }),
    'audit.export': async ({ vault, filter, format, name }) => {
      const chosen = await dialog.chooseNewFile({
        suggestedPath: `${name}.${format}`,
        extension: format,
        kind: format === 'csv' ? 'CSV' : 'JSON Lines',
      })
      if (chosen === undefined) return undefined
      const file = extname(chosen) === `.${format}` ? chosen : `${chosen}.${format}`
      const { text, lines } = await writtenOut(stores.vault(vault).audit, filter, format)
      await files.write(file, new TextEncoder().encode(text), { mayReplace: true })
      return { file, lines }
    },
    'audit.verify': ({ vault }) => stores.vault(vault).audit.check(),
  } satisfies HandlersOf<'audit'>
}

async function writtenOut(audit: AuditReader, filter: AuditFilter, format: AuditFormat) {
  const parts = [auditHead(format)]
  let before: number | undefined
  do {
    const page = audit.page({ ...filter, limit: linesAtOnce, before })
    for (const line of page.lines) parts.push(auditText(format, line))
    before = page.next
    await new Promise(setImmediate)
  } while (before !== undefined)
  return { text: parts.join(''), lines: parts.length - 1 }
}
