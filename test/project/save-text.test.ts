import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { TRUST_FILES } from '../../src/project/files/loaded-policy.ts'
import { saveText } from '../../src/project/system/process/save-text.ts'
import { partOf } from '../lab/part-of.ts'

test('no output goes over a file that says who decides', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'eosflow-save-'))
  const io = partOf<Parameters<typeof saveText>[0]>({ cwd, scrubber: { scrub: (text: string) => text } })
  const files = ['eosflow.yaml', 'inventory.yaml', 'policy.yaml', ...TRUST_FILES]
  expect(files).toHaveLength(6)
  for (const file of files) {
    mkdirSync(dirname(join(cwd, file)), { recursive: true })
    writeFileSync(join(cwd, file), 'as it was')
    expect(() => saveText(io, file, 'report'), file).toThrow('it has the name of a file of the project')
    expect(readFileSync(join(cwd, file), 'utf8')).toBe('as it was')
  }
})
