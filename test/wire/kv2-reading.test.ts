import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJson } from '../../src-main/contract/json'
import type { SecretMetadata } from '../../src-main/contract/model'
import { VersionNumber, type EpochMs } from '../../src-main/contract/model'
import { goDuration } from '../../src-main/wire/go-duration'
import { fit, render } from '../../src-main/wire/json-shape'
import { configWire, metadataWire, versionWire } from '../../src-main/wire/kv2'
import {
  readConfigWire,
  readCustomWire,
  readKey,
  readMetadataWire,
  readVersionWire,
} from '../../src-main/wire/kv2-reading'
import { ConfigWire, MetadataWire, VersionWire } from '../../src-main/wire/kv2-shapes'

const time = fc.integer({ min: 1, max: 4_000_000_000_000 }).map((at) => at as EpochMs)
const version = (number: number) =>
  fc.record(
    {
      version: fc.constant(VersionNumber.parse(number)),
      createdAt: time,
      destroyed: fc.boolean(),
      deactivatedAt: time,
    },
    { requiredKeys: ['version', 'createdAt', 'destroyed'] },
  )
const word = fc.stringMatching(/^[\p{L}\p{N} ]{1,20}$/u)
const custom = fc.uniqueArray(fc.tuple(fc.oneof(word, fc.constant('__proto__')), word), {
  maxLength: 5,
  selector: ([key]) => key,
})
const secret = fc
  .record({
    createdAt: time,
    updatedAt: time,
    oldestVersion: fc.nat(100),
    settings: fc.record({
      maxVersions: fc.nat(24_000),
      casRequired: fc.boolean(),
      deactivateVersionAfter: fc.nat(3_155_760_000).map(goDuration),
    }),
    customMetadata: custom,
    versions: fc
      .nat(20)
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_, n) => version(n + 1)))),
  })
  .map((made) => ({ ...made, currentVersion: made.versions.length }))

/** Over the wire: text, parsed, fitted, checked. */
function received<T extends Parameters<typeof fit>[0]>(schema: T, wire: unknown) {
  return schema.parse(fit(schema, parseJson(render(wire))))
}

describe('what a server answers is the model that was sent', () => {
  test('for the metadata of any secret', () => {
    fc.assert(
      fc.property(secret, (made) => {
        const metadata = made as unknown as SecretMetadata
        const wire = received(MetadataWire, metadataWire(metadata)) as Parameters<
          typeof readMetadataWire
        >[0]
        expect(readMetadataWire(wire)).toEqual(metadata)
        const config = received(ConfigWire, configWire(metadata.settings)) as Parameters<
          typeof readConfigWire
        >[0]
        expect(readConfigWire(config)).toEqual(metadata.settings)
        for (const one of metadata.versions) {
          const sent = received(
            VersionWire,
            versionWire(one, metadata.customMetadata),
          ) as Parameters<typeof readVersionWire>[0]
          expect(readVersionWire(sent)).toEqual(one)
          expect(readCustomWire(sent.custom_metadata)).toEqual(metadata.customMetadata)
        }
      }),
      { numRuns: 50 },
    )
  })

  test('for listed names', () => {
    expect([readKey('app/'), readKey('app')]).toEqual([
      { kind: 'folder', name: 'app' },
      { kind: 'secret', name: 'app' },
    ])
  })
})

describe('nonsense is refused', () => {
  const sane = {
    created_time: '',
    custom_metadata: null,
    deletion_time: '',
    destroyed: false,
    version: 1,
  }

  test.each([
    { ...sane, version: 0 },
    { ...sane, created_time: 'yesterday' },
    { ...sane, deletion_time: '1770113730' },
  ])('%j', (wire) => {
    expect(() => readVersionWire(wire)).toThrow(expect.objectContaining({ code: 'invalid' }))
  })

  test('custom metadata that is no text', () => {
    expect(() => readCustomWire(new Map([['a', null]]))).toThrow(
      expect.objectContaining({ code: 'invalid' }),
    )
  })
})

test('what a server leaves empty is the first of all times', () => {
  const wire = { cas_required: false, delete_version_after: '-1s', max_versions: 0 }
  const read = readMetadataWire({
    ...wire,
    created_time: '',
    current_version: 1,
    custom_metadata: null,
    oldest_version: 0,
    updated_time: '',
    versions: { '1': { created_time: '', deletion_time: '', destroyed: true } },
  })
  expect(read).toMatchObject({ createdAt: 0, updatedAt: 0, versions: [{ createdAt: 0 }] })
  expect(read.settings.deactivateVersionAfter).toEqual({ seconds: -1, text: '-1s' })
})
