import { expect, test } from 'vitest'
import { dangerousAmong, dangerousSwitches } from '../../src-main/shell/switches'

test('each dangerous switch is found', () => {
  for (const name of dangerousSwitches) {
    expect(dangerousAmong((asked) => asked === name)).toEqual([name])
  }
})

test('a harmless start has none', () => {
  expect(dangerousAmong((name) => name === 'lang')).toEqual([])
})
