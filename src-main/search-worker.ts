import { parentPort, workerData } from 'node:worker_threads'
import { systemClock as clock, systemRandom as random } from './env'
import { serveOpening, type OpeningStart } from './vault/search/row-opening'
import { serveSearch, type SearchMessage, type SearchStart } from './vault/search/search-threads'

const start = workerData as SearchStart | OpeningStart
const say = (message: unknown) => parentPort?.postMessage(message)

/** The thread of one search index; it lives until the vault is locked. */
function search(order: SearchStart): void {
  const answer = serveSearch(order, { clock, random }, say)
  parentPort?.on('message', (message: SearchMessage) => {
    void answer(message)
    // Nothing is left to wait for: the thread ends.
    if (message.kind === 'close') parentPort?.close()
  })
}

if (start.kind === 'search') search(start)
// A thread of that thread, for as long as it reads many names.
else parentPort?.on('message', serveOpening(start, say))
