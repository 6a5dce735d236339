import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { bundled } from '../../../project/system/bundled.ts'

const THREADS = {
  test: 'dist/doors/cli/thread/workflow-test-main.js',
  rehearse: 'dist/doors/cli/thread/rehearsal-main.js',
  serve: 'dist/doors/cli/front-main.js',
  'rehearse-plan': 'dist/doors/cli/thread/rehearse-main.js',
  verify: 'dist/doors/cli/verify-main.js',
} as const

/** The built module of a thread: Node loads it by itself, and takes JavaScript and not the source. */
export function threadModule(command: keyof typeof THREADS): URL | undefined {
  const module = bundled(THREADS[command])
  return !import.meta.url.endsWith('.ts') && existsSync(module) ? pathToFileURL(module) : undefined
}
