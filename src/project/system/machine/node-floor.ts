import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export interface NodeDemand {
  readonly version: string
  readonly engines?: { readonly node?: string }
}

/** Why the better-sqlite3 that is installed cannot run on this Node, as one sentence; undefined where it can. Version 13 of it kills a process of Node 20 by a signal as soon as a database is opened, without a word, and npm installs it there with a warning alone. */
export function refusedNode(node: string): string | undefined {
  try {
    const file = createRequire(import.meta.url).resolve('better-sqlite3/package.json')
    const demand = JSON.parse(readFileSync(file, 'utf8')) as NodeDemand
    return tooOldNode(node, demand) ?? unfitPart(node, demand, dirname(file))
  } catch {
    // Whoever loads it says that it is not there.
    return undefined
  }
}

// Why the native part cannot do its work: since version 13 a good one is in the package, before that it is made when the package is installed.
function unfitPart(node: string, demand: NodeDemand, folder: string) {
  if (Number(demand.version.split('.', 1)[0]) >= 13) return undefined
  const file = join(folder, 'build/Release/better_sqlite3.node')
  if (!existsSync(file)) return unbuiltOn(node, demand)
  return isWithoutIt(node) || !readFileSync(file).includes(FRAGILE) ? undefined : fragileOn(node, demand)
}

// What a native part calls that was compiled with the headers of Node 24.19 or newer: with them each object of version 12 leaves a hook of the
// process when its memory is collected, and Node ends the process by SIGABRT where that happens outside of JavaScript
// (docs/install.md#on-node-24-and-newer).
const FRAGILE = 'RemoveEnvironmentCleanupHook'

function isWithoutIt(node: string) {
  return isBelow(numbersOf(node), [22])
}

function fragileOn(node: string, { version }: NodeDemand) {
  const why = `better-sqlite3 ${version} was compiled for it, and Node would end eosflow in the middle of a change`
  return `eosflow needs better-sqlite3 13 on Node ${node}, because ${why}: npm install --no-save --ignore-scripts better-sqlite3@13.`
}

function unbuiltOn(node: string, { version }: NodeDemand) {
  const mend = 'take Node 22 or newer and install eosflow again, or run npm rebuild better-sqlite3, with a C++ compiler'
  return `eosflow cannot open a store here, because better-sqlite3 ${version} is installed without its native part, on Node ${node}: ${mend}.`
}

/** Why a Node, for example `20.20.2`, is too old for a version of better-sqlite3. A Node that is newer than all that it names may be good. */
export function tooOldNode(node: string, { version, engines }: NodeDemand): string | undefined {
  const lowest = lowestNode(engines?.node ?? '')
  if (lowest === undefined || !isBelow(numbersOf(node), numbersOf(lowest))) return undefined
  return `eosflow needs Node ${lowest} or newer here, because better-sqlite3 ${version} is installed: this is Node ${node}.`
}

function lowestNode(range: string) {
  const named = range.match(/\d+(?:\.\d+){0,2}/g) ?? []
  return named.toSorted((a, b) => (isBelow(numbersOf(a), numbersOf(b)) ? -1 : 1))[0]
}

function numbersOf(version: string) {
  return version.split('.').map(Number)
}

function isBelow(version: readonly number[], floor: readonly number[]) {
  const at = floor.findIndex((part, index) => part !== (version[index] ?? 0))
  return at !== -1 && (version[at] ?? 0) < (floor[at] ?? 0)
}
