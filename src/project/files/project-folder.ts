import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The folder with `eosflow.yaml` that is nearest to one, from itself up; undefined where there is none. */
export function projectFolder(from: string): string | undefined {
  for (let dir = from; ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'eosflow.yaml'))) return dir
    if (dirname(dir) === dir) return undefined
  }
}
