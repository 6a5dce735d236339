import { existsSync } from 'node:fs'

/** What threads are started with. The bundle lies in the folder of this file, so that a module is at the same place from both. */
const THREADS = {
  test: new URL('./workflow-test/thread-main.js', import.meta.url),
  rehearse: new URL('./rehearsal/thread-main.js', import.meta.url),
  serve: new URL('./serve/front-main.js', import.meta.url),
  'rehearse-plan': new URL('./serve/rehearse-main.js', import.meta.url),
  verify: new URL('./serve/verify-main.js', import.meta.url),
} as const

/** The built module of a thread: Node loads it by itself, and takes JavaScript and not the source. Undefined where nothing is built. */
export function threadModule(command: keyof typeof THREADS): URL | undefined {
  const module = THREADS[command]
  return !import.meta.url.endsWith('.ts') && existsSync(module) ? module : undefined
}
