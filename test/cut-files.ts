import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

const ANY = /^import .*\/extent\.ts'$/m
/** What a file takes from `extent.ts` that looks at less in `npm test` than in `npm run test:long`. */
const CUTS = /^import \{[^}]*\b(?:everyNth|extent|isWhole)\b[^}]*\} from '.*\/extent\.ts'$/m

/**
 * The test files that look at a cut in `npm test`, by their path from `test/`, as what they import shows; for `npm run soak -- long` also those that look at a cut in
 * `npm run test:long` too.
 */
export function cutFiles(): readonly string[] {
  const files = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'))
  return files
    .filter((file) => (process.env.TEST_WHOLE === 'all' ? ANY : CUTS).test(readFileSync(join(here, file), 'utf8')))
    .toSorted()
}
