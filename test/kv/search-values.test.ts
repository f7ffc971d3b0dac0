import { expect, test } from 'vitest'
import { SecretData } from '../../src-main/contract/model'
import { keysWithWords } from '../../src-main/kv/search-values'

const data = SecretData.parse(
  '{"login":"Zoé","pem":"line one\\nline two","port":5432,"on":true,"off":null,"deep":{"inner":["x",{"leaf":"needle"}]}}',
)

test.each([
  ['zoe', ['login']],
  ['two', ['pem']],
  ['543', ['port']],
  ['true', ['on']],
  ['needle', ['deep']],
  ['inner', ['deep']],
  ['zoe needle', ['login', 'deep']],
  ['line', ['pem']],
])('%s is found in the values of %j', (words, keys) => {
  expect(keysWithWords(words.split(' '), data)).toEqual(keys)
})

test.each(['login', 'null', '\\n', 'zoe nowhere'])('%s is in no value', (words) => {
  expect(keysWithWords(words.split(' '), data)).toBeUndefined()
})
