import { existsSync } from 'node:fs'

/**
 * The built module at a path from `cli`, for a thread: Node loads it by itself, and takes JavaScript and not the source. Undefined where
 * nothing is built. The bundle lies in the folder of this file, so that a path is the same from both.
 */
export function builtModule(path: string): URL | undefined {
  if (import.meta.url.endsWith('.ts')) return undefined
  const module = new URL(path, import.meta.url)
  return existsSync(module) ? module : undefined
}
