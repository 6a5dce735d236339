import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { IGNORED } from '../../report/new-project/settings.ts'
import type { ProjectFiles } from '../../report/new-project/text.ts'
import { readRegularText } from '../../system/regular-file.ts'

/** Writes files into a folder. One that is there already is never touched. */
export async function writeFiles(dir: string, files: ReadonlyMap<string, string | Uint8Array>): Promise<ProjectFiles> {
  const created: string[] = []
  const kept: string[] = []
  for (const [path, content] of files) {
    const target = join(dir, path)
    await mkdir(dirname(target), { recursive: true })
    const isNew = await writeNew(target, content)
    ;(isNew ? created : kept).push(path)
  }
  const ignored = kept.includes('.gitignore') ? readRegularText(join(dir, '.gitignore')) : IGNORED
  return { created, kept, unignored: notIn(ignored) }
}

/** The patterns of a new project that a .gitignore lacks; each may be written with slashes around it, or without. */
function notIn(ignored: string): readonly string[] {
  const bare = (line: string): string => line.trim().replace(/^(?:\*\*)?\/|\/$/g, '')
  const there = new Set(ignored.split('\n').map(bare))
  return IGNORED.trim()
    .split('\n')
    .filter((line) => !there.has(bare(line)))
}

async function writeNew(path: string, content: string | Uint8Array): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}
