import { describe, expect, test } from 'vitest'
import { usableState } from '../../src-main/shell/window-state'

const screens = [
  { x: 0, y: 30, width: 1920, height: 1050 },
  { x: 1920, y: 0, width: 1280, height: 1024 },
]
const at = (x: number, y: number) => ({ x, y, width: 900, height: 700, isMaximized: false })

describe('a window is put back where it was', () => {
  test.each([
    ['on the first screen', 100, 100],
    ['on the second screen', 2000, 0],
    ['across both', 1500, 100],
    ['with 120 points still visible', 1920 + 1280 - 120, 100],
    ['half off to the left', -700, 100],
  ])('%s', (_, x, y) => {
    expect(usableState(at(x, y), screens)).toEqual(at(x, y))
  })
})

describe('a window is not put back', () => {
  test.each([
    ['on a screen that is gone', 4000, 100],
    ['with 119 points visible', 1920 + 1280 - 119, 100],
    ['above all screens', 100, -600],
    ['with its title bar under the panel', 100, 0],
    ['below all screens', 100, 1070],
  ])('%s', (_, x, y) => {
    expect(usableState(at(x, y), screens)).toBeUndefined()
  })

  test('when nothing is remembered', () => {
    expect(usableState(undefined, screens)).toBeUndefined()
  })
})
