import { expect, test, vi } from 'vitest'
import { menuLanguage, menuTemplate } from '../../src-main/shell/menu'

test.each([
  ['fr', 'fr'],
  ['fr-CA', 'fr'],
  ['FR-fr', 'fr'],
  ['en-US', 'en'],
  ['de', 'en'],
  ['', 'en'],
  ['fry', 'en'],
])('the menu for %j speaks %s', (tag, language) => {
  expect(menuLanguage(tag)).toBe(language)
})

test('the menu locks, and offers nothing that opens the page', () => {
  const lock = vi.fn()
  const describeApi = vi.fn()
  const template = menuTemplate('en', { lock, describeApi })
  const items = template.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
  const item = items.find(({ label }) => label === 'Lock')
  item?.click?.({} as never, undefined, {} as never)
  expect(lock).toHaveBeenCalledOnce()
  const api = items.find(({ label }) => label === 'API description')
  api?.click?.({} as never, undefined, {} as never)
  expect(describeApi).toHaveBeenCalledOnce()
  const roles = items.flatMap(({ role }) => (role === undefined ? [] : [role]))
  expect(roles).toEqual(['quit', 'undo', 'redo', 'cut', 'copy', 'paste', 'selectAll'])
})
