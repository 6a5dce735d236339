import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { exits } from '../lab/exits.ts'
import { inProcess } from './in-process.ts'

test('the reference of checks is what `check list --markdown` prints', async () => {
  const page = readFileSync(new URL('../../docs/reference/checks-reference.md', import.meta.url), 'utf8')
  const { stdout } = await exits(0, inProcess('check list --markdown'))
  expect(page.match(/^\| `/gm)?.length).toBeGreaterThan(210)
  // After a change: node --import tsx src/cli/main.ts check list --markdown > docs/reference/checks-reference.md
  expect(page).toBe(stdout)
})
