import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Files, writeFiles } from './files.ts'

/** Makes a folder with these files that is removed when the test is over. */
export function temporaryFolder(files: Files = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-test-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  writeFiles(dir, files)
  return dir
}
