import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkpointNotesIn } from '../../../change/record/audit/checkpoint-notes.ts'
import { codeOf } from '../../../model/error.ts'
import { problemOf } from '../../../model/problem.ts'
import type { Project } from '../../files/project.ts'
import { readRegularText } from '../../system/machine/regular-file.ts'
import { InputError } from '../../system/process/input-error.ts'

export interface AnchorFile {
  readonly file: string
  readonly notes: readonly string[]
}

/** Throws InputError when there is none to read. */
export function readAnchors(path: string, shown: string): readonly AnchorFile[] {
  try {
    if (!statSync(path).isDirectory()) return [{ file: shown, notes: checkpointNotesIn(readRegularText(path)) }]
    const entries = readdirSync(path, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile())
    const files = entries.map((entry) => join(entry.parentPath, entry.name)).sort()
    return files.map((file) => ({
      file: join(shown, file.slice(path.length)),
      notes: checkpointNotesIn(readRegularText(file)),
    }))
  } catch (cause) {
    const code = codeOf(cause)
    throw new InputError([
      problemOf(
        shown,
        'no-anchors',
        `the checkpoints cannot be read (${code})`,
        'Name a file of checkpoints, or a folder with such files, as the anchors of `audit:` keep them.',
      ),
    ])
  }
}

export function anchorsOf({ dir, settings }: Pick<Project, 'dir' | 'settings'>): readonly AnchorFile[] {
  return settings.audit.anchors.flatMap((anchor) => {
    const path = 'file' in anchor ? resolve(dir, anchor.file) : undefined
    return path !== undefined && 'file' in anchor && existsSync(path) ? readAnchors(path, anchor.file) : []
  })
}
