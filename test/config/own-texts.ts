import { readdirSync, readFileSync } from 'node:fs'
import type { ReplacePair } from './replace-pairs.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')

/** Whole configurations of the project's own: three with what recorded ones are hard to read for, and those of the fabric dc1. */
export const ownConfigs: readonly { readonly name: string; readonly text: string }[] = [
  ...readdirSync(new URL('test/fixtures/configs/', root))
    .toSorted()
    .map((name) => ({ name, text: read(`test/fixtures/configs/${name}`) })),
  ...['leaf1', 'leaf2', 'leaf3', 'leaf4', 'spine1', 'spine2'].map((name) => ({
    name,
    text: read(`fixtures/dc1/${name}/running-config`),
  })),
]

/** The ones that are written as a switch prints them, in the order of its version. */
export const asPrinted = ownConfigs.filter(({ name }) => name !== 'generated.cfg')

/** Edits of whole configurations: one of many kinds, one of the order alone, one that takes the management path away. */
export const ownPairs: readonly ReplacePair[] = readdirSync(new URL('test/fixtures/pairs/', root))
  .toSorted()
  .map((name) => ({
    name,
    running: read(`test/fixtures/pairs/${name}/running.cfg`),
    candidate: read(`test/fixtures/pairs/${name}/candidate.cfg`),
  }))
