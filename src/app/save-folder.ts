import { mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Host } from './host.ts'
import { saveText } from './save-text.ts'

/** Saves texts below a folder, by their paths in it, as {@link saveText} saves one. */
export function saveFolder(host: Host, folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(resolve(host.cwd, dirname(file)), { recursive: true })
    saveText(host, file, content)
  }
}
