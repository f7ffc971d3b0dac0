import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const folder = fileURLToPath(new URL('../../src-renderer/views/', import.meta.url))
const dialogs = readdirSync(folder)
  .filter((name) => name.endsWith('Dialog.svelte'))
  .map((name) => [name, readFileSync(folder + name, 'utf8').split('</script>')[0] ?? ''] as const)

/** Functions that close whatever dialog is open by the time that something was waited for. */
function lateClosings(script: string): string[] {
  const functions = script.split(/^ {2}(?=(?:async )?function |const )/m)
  return functions.filter((text) => /\bawait\b[^]*\bonclose\(\)/.test(text))
}

describe('a dialog that is closed before its work ends', () => {
  // Another one may be open in its place by then: `ownClose` tells them apart.
  test.each(dialogs)('%s leaves the next one alone', (_, script) => {
    expect(lateClosings(script)).toEqual([])
  })

  test('would not if it called what it was given', () => {
    const works = (last: string) => `
  const close = ownClose(() => onclose())
  async function submit() {
    await work()
    ${last}
  }
`
    expect(lateClosings(works('onclose()'))).toHaveLength(1)
    expect(lateClosings(works('close()'))).toEqual([])
  })
})
