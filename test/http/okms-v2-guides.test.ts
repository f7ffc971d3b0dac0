import { describe, expect, test } from 'vitest'
import { underBothPrefixes } from './okms-rest'

/** The body that the guide to the REST API prints for a creation. */
const printed = `{
  "metadata": {
    "cas_required": true,
    "custom_metadata": {
      "project": "A",
      "team": "X"
    },
    "deactivate_version_after": "10h30m10s",
    "max_versions": 5
  },
  "path": "prod/database/MySQL",
  "version": {
    "data": {
      "login": "admin",
      "password": "my_secret_password",
      "address": {
        "ip": "1.1.1.1"
      },
      "ports": [
        "30",
        "31"
      ]
    }
  }
}`

underBothPrefixes((rest) => {
  describe('the requests of the product guide, typed as printed (L45)', () => {
    test('create a secret at secret/, with the slash', async () => {
      // As curl sends a body without being told a type.
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const { status, body } = await rest().send('POST', 'secret/', { text: printed, headers })
      expect(status).toBe(200)
      expect(body.metadata).toMatchObject({
        casRequired: true,
        customMetadata: { project: 'A', team: 'X' },
        deactivateVersionAfter: '10h30m10s',
        maxVersions: 5,
      })
      const read = await rest().get('secret/prod/database/MySQL?includeData=true')
      expect(read.body.version.data.address).toEqual({ ip: '1.1.1.1' })
      await rest().send('DELETE', 'secret/prod/database/MySQL')
    })

    test('update metadata, set the defaults of the domain, add versions by two PUTs', async () => {
      const path = 'prod/database/Redis'
      await rest().create(path)
      const settings = { cas_required: false, max_versions: 3, deactivate_version_after: '1d' }
      expect((await rest().put(`secret/${path}`, { metadata: settings })).status).toBe(200)
      expect((await rest().put('secretConfig', settings)).status).toBe(200)
      await rest().put('secretConfig', { max_versions: 0, deactivate_version_after: '0s' })
      const updated = await rest().put(`secret/${path}`, { version: { data: { n: 2 } } })
      expect(updated.body.metadata.currentVersion).toBe(2)
      const added = await rest().put(`secret/${path}/version`, { data: { n: 3 } })
      expect(added).toMatchObject({ status: 200, body: { id: 3 } })
    })

    test('change the state of a version', async () => {
      const path = rest().fresh()
      await rest().create(path)
      for (const state of ['deactivated', 'active', 'deleted']) {
        const { status, body } = await rest().put(`secret/${path}/version/1`, { state })
        // The guide prints lower case for both prefixes.
        expect({ status, state: body.state }).toEqual({ status: 200, state: rest().word(state) })
      }
    })
  })
})
