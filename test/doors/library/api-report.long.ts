// @module-tag long

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT, temporaryFolder } from '../../lab/lab.ts'
import { declarationOf, declarationsAt, exportedNames } from './schemas.ts'

const HEAD = `# Every exported name

What \`import … from 'eosflow'\` and \`'eosflow/testing'\` give, each with its type, made from the declarations of the package; [library.md](../../docs/library.md) says what it is for, and [library-documents.md](library-documents.md) what the documents are.
A test makes this page anew and compares: whatever changes here is a change for those who call eosflow.
`

test('the report of the interface is what the package exports, name by name', { timeout: 300_000 }, async () => {
  const folder = declarationsAt(temporaryFolder())
  const parts = [HEAD]
  let count = 0
  for (const [module, file] of [
    ['eosflow', 'index.d.ts'],
    ['eosflow/testing', 'testing.d.ts'],
  ] as const) {
    const names = exportedNames(readFileSync(join(folder, file), 'utf8')).toSorted((a, b) => (a.name < b.name ? -1 : 1))
    count += names.length
    parts.push(`## ${module}\n${names.map(({ name }) => `\`${name}\``).join(', ')}\n`)
    for (const one of names) parts.push(`\`\`\`ts\n${declarationOf(folder, one)}\n\`\`\``)
  }
  expect(count).toBeGreaterThan(60)
  await expect(`${parts.join('\n')}\n`).toMatchFileSnapshot(join(ROOT, 'test/golden/library-api.md'))
})
