import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { measureApi } from './measures/api'
import { measureCopying } from './measures/copy'
import { measureIndexing } from './measures/indexing'
import { measureKeepassxc } from './measures/keepassxc'
import { measureRemoteListing } from './measures/listing'
import { measureMemory } from './measures/memory'
import { measureOpening } from './measures/opening'
import { measureListing, measureReading } from './measures/reading'
import { measureRefusing } from './measures/refusing'
import { measureSize } from './measures/size'
import { measureWriting } from './measures/writing'
import { readOptions, subjects, type Subject } from './options'
import { formatTable, verdictOf, type Result } from './result'
import { Workplace } from './workplace'

/** Where the built programs lie: beside this one. */
const programs = __dirname

const measures: Readonly<Record<Subject, (place: Workplace) => Promise<Result[]>>> = {
  open: measureOpening,
  write: measureWriting,
  read: measureReading,
  list: measureListing,
  index: (place) => measureIndexing(place, programs),
  memory: (place) => measureMemory(place, programs),
  size: measureSize,
  copy: (place) => measureCopying(place, programs),
  listing: (place) => measureRemoteListing(place, programs),
  keepassxc: (place) => measureKeepassxc(place, programs),
  api: (place) => measureApi(place, programs),
  refuse: (place) => measureRefusing(place, programs),
}

/** Measures what was asked for, and prints one table. @returns whether no goal was missed */
async function main(): Promise<boolean> {
  const options = readOptions(process.argv.slice(2))
  const say = (text: string) => process.stderr.write(`bench: ${text}\n`)
  const place = new Workplace(options, say)
  const results: Result[] = []
  try {
    for (const subject of subjects.filter((one) => options.only.includes(one))) {
      say(subject)
      results.push(...(await measures[subject](place)))
    }
  } finally {
    place.close()
  }
  const machine = { cores: cpus().length, node: process.version }
  console.log(`${machine.cores} cores, Node ${machine.node}; medians of one run\n`)
  console.log(formatTable(results))
  const judged = results.map((result) => ({ ...result, verdict: verdictOf(result) }))
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify({ machine, results: judged }, null, 2)}\n`)
  }
  return judged.every(({ verdict }) => verdict !== 'missed')
}

void main().then(
  (isGood) => (process.exitCode = isGood ? 0 : 1),
  (error: unknown) => {
    console.error(error)
    process.exitCode = 1
  },
)
