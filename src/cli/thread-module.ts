import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { bundled } from '../app/bundled.ts'

/** What threads are started with: the built modules, from the sources and from a bundle. */
const THREADS = {
  test: 'dist/cli/workflow-test/thread-main.js',
  rehearse: 'dist/cli/rehearsal/thread-main.js',
  serve: 'dist/cli/serve/front-main.js',
  'rehearse-plan': 'dist/cli/serve/rehearse-main.js',
  verify: 'dist/cli/serve/verify-main.js',
} as const

/** The built module of a thread: Node loads it by itself, and takes JavaScript and not the source. Undefined where nothing is built. */
export function threadModule(command: keyof typeof THREADS): URL | undefined {
  const module = bundled(THREADS[command])
  return !import.meta.url.endsWith('.ts') && existsSync(module) ? pathToFileURL(module) : undefined
}
