import { describe, expect, test, vi } from 'vitest'
import { commandOf, Commands, type Command, type KeyPress } from '../../src-renderer/state/commands'

/** "Ctrl+Shift+c" as a pressed key. */
function press(keys: string, isTyping = false): KeyPress {
  const parts = keys.split('+')
  const has = (name: string) => parts.includes(name)
  return {
    key: parts.at(-1) ?? '',
    ctrl: has('Ctrl'),
    shift: has('Shift'),
    alt: has('Alt'),
    isTyping,
  }
}

const everywhere: readonly [string, Command][] = [
  ['Ctrl+f', 'search'],
  ['Ctrl+n', 'new'],
  ['Ctrl+l', 'lock'],
  ['Ctrl+e', 'edit'],
  ['Ctrl+s', 'save'],
  ['Ctrl+S', 'save'],
  ['Ctrl+,', 'settings'],
  ['Ctrl+/', 'shortcuts'],
  ['Ctrl+Enter', 'add-row'],
  ['Ctrl+Shift+C', 'reveal'],
  ['Alt+ArrowLeft', 'back'],
  ['Alt+ArrowRight', 'forward'],
  ['Escape', 'escape'],
  ['F2', 'rename'],
  ['F6', 'next-pane'],
  ['Shift+F6', 'previous-pane'],
]

test.each(everywhere)('%s means %s, also while typing', (keys, command) => {
  expect(commandOf(press(keys))).toBe(command)
  expect(commandOf(press(keys, true))).toBe(command)
})

test.each<[string, Command]>([
  ['/', 'search'],
  // Where / is on a shifted key, as on French and German keyboards.
  ['Shift+/', 'search'],
  ['e', 'edit'],
  ['Delete', 'remove'],
  ['Ctrl+z', 'undo'],
])('%s means %s, but is left to a text field', (keys, command) => {
  expect(commandOf(press(keys))).toBe(command)
  expect(commandOf(press(keys, true))).toBeUndefined()
})

test.each([
  'a',
  'Enter',
  'Tab',
  'ArrowLeft',
  'Ctrl+c',
  'Ctrl+v',
  'Ctrl+a',
  'Ctrl+Shift+z',
  'Ctrl+Shift+n',
  'Shift+E',
  'Shift+Delete',
  'Alt+e',
  'Alt+F4',
])('%s is left to the page', (keys) => {
  expect(commandOf(press(keys))).toBeUndefined()
})

describe('who answers', () => {
  test('nobody at first', () => {
    expect(new Commands().run('save')).toBe(false)
  })

  test('the one that came last, and the one before when it is gone', () => {
    const commands = new Commands()
    const first = vi.fn()
    const second = vi.fn()
    commands.on('escape', first)
    const release = commands.on('escape', second)
    expect(commands.run('escape')).toBe(true)
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1])
    release()
    expect(commands.run('escape')).toBe(true)
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 1])
  })

  test('the last still, when one before it goes', () => {
    const commands = new Commands()
    const last = vi.fn()
    const release = commands.on('edit', vi.fn())
    commands.on('edit', last)
    release()
    release()
    commands.run('edit')
    expect(last).toHaveBeenCalledOnce()
  })

  test('only to its own command', () => {
    const commands = new Commands()
    const release = commands.on('save', vi.fn())
    expect(commands.run('new')).toBe(false)
    release()
    expect(commands.run('save')).toBe(false)
  })
})
