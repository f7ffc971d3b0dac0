import { call } from '../bridge'
import type { LocalApiStatus } from '../../src-main/contract/listener-calls'
import type { VaultId } from '../../src-main/contract/model'

/** The local API for programs, as the window knows it. */
export class LocalApi {
  /** Undefined until it was asked for. */
  status = $state.raw<LocalApiStatus>()
  error = $state.raw<unknown>()

  async load(): Promise<void> {
    try {
      this.status = await call('localApi.status')
      this.error = undefined
    } catch (error) {
      this.error = error
    }
  }

  /** @throws CoffretError `busy` with the field `port` when another program listens there */
  async start(vault: VaultId, port: number): Promise<void> {
    const socket = this.status?.settings.socket
    const more = socket === undefined ? {} : { socket }
    try {
      this.status = await call('localApi.start', { vault, port, ...more })
    } catch (error) {
      await this.load()
      throw error
    }
  }

  async stop(): Promise<void> {
    this.status = await call('localApi.stop')
  }

  async openDocumentation(): Promise<void> {
    await call('localApi.openDocumentation')
  }
}
