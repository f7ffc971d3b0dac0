import { onDestroy } from 'svelte'

/** Whether the component that is being made is still on the screen. */
export function presence(): () => boolean {
  let isThere = true
  onDestroy(() => (isThere = false))
  return () => isThere
}

/**
 * Closes the dialog that is being made, and no other: work that is under way when somebody closes its
 * dialog ends when another one may be open in its place.
 * @returns closes it; says whether it was open
 */
export function ownClose(close: () => void): () => boolean {
  const isOpen = presence()
  return () => {
    const wasOpen = isOpen()
    if (wasOpen) close()
    return wasOpen
  }
}
