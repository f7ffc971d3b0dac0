import { createContext } from 'svelte'
import type { AppState } from './app-state.svelte'
import type { VaultState } from './vault-state.svelte'

/** The program, for every component below `App`. */
export const [useApp, provideApp] = createContext<AppState>()

/** The vault on the screen, for every component below `VaultScreen`. */
export const [useVault, provideVault] = createContext<VaultState>()
