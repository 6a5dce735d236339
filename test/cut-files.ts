import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

/** What a file takes from `extent.ts` that looks at less in `npm test` than in `npm run soak -- night`. */
const CUTS = /^import \{[^}]*\} from '.*\/extent\.ts'$/m
/** A test, or with its first line a whole file, that only `npm run soak -- night` runs. */
const OF_NIGHT = /^\/\/ @module-tag night$|\btags: (?:\[\s*(?:'[a-z]+',\s*)*)?'night'/m
/** Files of tests, as the configurations of vitest include them. */
const KIND = /\.(?:test|long|postgres|room|clients)\.ts$/
/** A test, or with its first line a whole file, that `npm run test:long` runs. */
const TAGGED = /^\/\/ @module-tag (?:long|cut)$|\btags: \[?'(?:long|cut)'/m

const files = () => readdirSync(here, { recursive: true, encoding: 'utf8' }).toSorted()
const has = (file: string, pattern: RegExp) => pattern.test(readFileSync(join(here, file), 'utf8'))

const matching = (pattern: RegExp) => files().filter((file) => file.endsWith('.test.ts') && has(file, pattern))

/** The files of which only `npm run soak -- night` runs something, of every kind, by their path from `test/`. */
export const nightFiles = () =>
  files().filter((file) => KIND.test(file) && !file.startsWith('house/') && has(file, OF_NIGHT))

/** The test files that look at a cut in `npm test`, or of which a test waits for the night, by their path from `test/`, as their texts show. */
export const cutFiles = () => [...new Set([...matching(CUTS), ...matching(OF_NIGHT)])].toSorted()

/** The test files of which `npm run test:long` runs something, by their path from `test/`, as their tags show. */
export const taggedFiles = () => matching(TAGGED)
