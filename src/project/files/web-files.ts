import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EosflowError } from '../../model/error.ts'
import { bundled } from '../system/bundled.ts'

/** What browsers load besides pages: each file is named by its content, so that it never changes. */
export interface WebFiles {
  readonly style: string
  readonly script: string
  /** The text of a file; undefined for a name that is neither. */
  read(name: string): string | undefined
}

/** The files that the build has made of `src/doors/web`. Throws `refused` where nothing is built. */
export function webFiles(folder: string = bundled('dist/doors/web')): WebFiles {
  const { style, script } = manifestIn(folder)
  const texts = new Map([style, script].map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
  return { style, script, read: (name) => texts.get(name) }
}

function manifestIn(folder: string) {
  try {
    return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { style: string; script: string }
  } catch (cause) {
    throw new EosflowError('refused', 'the style and the script of the pages are not built', {
      hint: 'npm run build',
      cause,
    })
  }
}
