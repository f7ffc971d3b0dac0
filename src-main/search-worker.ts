import { parentPort, workerData } from 'node:worker_threads'
import { systemClock as clock, systemRandom as random } from './env'
import { serveSearch, type SearchMessage, type SearchStart } from './vault/search/search-threads'

/** The thread of one search index; it lives until the vault is locked. */
const answer = serveSearch(workerData as SearchStart, { clock, random }, (reply) =>
  parentPort?.postMessage(reply),
)
parentPort?.on('message', (message: SearchMessage) => {
  void answer(message)
  // Nothing is left to wait for: the thread ends.
  if (message.kind === 'close') parentPort?.close()
})
