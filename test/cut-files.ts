import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

/** The test files that look at a cut in `npm test`, by their path from `test/`: those that import `extent.ts`. */
export function cutFiles(): readonly string[] {
  const files = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'))
  return files.filter((file) => /^import .*\/extent\.ts'$/m.test(readFileSync(join(here, file), 'utf8'))).toSorted()
}
