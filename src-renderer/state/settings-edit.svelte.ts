import type { SecretMetadata } from '../../src-main/contract/model'
import { call } from '../bridge'
import { SettingsForm } from './settings-form.svelte'

/** An edit of the settings and custom metadata of a secret that exists. */
export class SettingsEdit {
  readonly form: SettingsForm
  isSaving = $state(false)
  /** What saving failed with. */
  error = $state.raw<unknown>()

  constructor(
    private readonly at: { readonly store: string; readonly path: string },
    metadata: SecretMetadata,
  ) {
    this.form = new SettingsForm(metadata)
  }

  /** There is something to lose. */
  get isDirty(): boolean {
    return this.form.isChanged
  }

  /** Saves what was typed, once at a time. @returns whether it was saved */
  async save(): Promise<boolean> {
    if (!this.form.isValid || this.isSaving) return false
    this.isSaving = true
    this.error = undefined
    try {
      await call('secret.configure', { ...this.at, settings: this.form.input() })
      return true
    } catch (error) {
      this.error = error
      return false
    } finally {
      this.isSaving = false
    }
  }
}
