import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Texts by their path from a folder. */
export type Files = Readonly<Record<string, string | Uint8Array>>

/** Writes files of a folder, and makes the folders above each. */
export function writeFiles(dir: string, files: Files) {
  for (const [path, text] of Object.entries(files)) {
    const file = join(dir, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

/** The text of a file, whose path is joined. */
export const fileText = (...path: readonly string[]) => readFileSync(join(...path), 'utf8')
