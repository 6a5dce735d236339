import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

/** What a file takes from `extent.ts` that looks at less in `npm test` than in `npm run soak -- night`. */
const CUTS = /^import \{[^}]*\} from '.*\/extent\.ts'$/m
/** A test, or with its first line a whole file, that only `npm run soak -- night` runs. */
const OF_NIGHT = /^\/\/ @module-tag night$|\btags: (?:\[\s*(?:'[a-z]+',\s*)*)?'night'/m
/** A test, or with its first line a whole file, that `npm run test:long` runs. */
const TAGGED = /^\/\/ @module-tag (?:long|cut)$|\btags: \[?'(?:long|cut)'/m

const matching = (pattern: RegExp): readonly string[] =>
  readdirSync(here, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && pattern.test(readFileSync(join(here, file), 'utf8')))
    .toSorted()

/** The test files that look at a cut in `npm test`, or of which a test waits for the night, by their path from `test/`, as their texts show. */
export const cutFiles = (): readonly string[] => [...new Set([...matching(CUTS), ...matching(OF_NIGHT)])].toSorted()

/** The test files of which `npm run test:long` runs something, by their path from `test/`, as their tags show. */
export const taggedFiles = (): readonly string[] => matching(TAGGED)
