import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { VitestPluginContext } from 'vitest/node'

const here = (folder: string) => fileURLToPath(new URL(folder, import.meta.url))
const SOURCE = here('../src/')
const BUILT = here('../dist/')

/**
 * Gives tests the built module for each module of `src`: what is shipped is what is tested, and nothing is transformed that the compiler has
 * made already. Beside `test/build.ts`, which builds what is older than its source. Whoever watches gets `src`, which changes meanwhile.
 */
export function builtSource() {
  let isWatching = false
  return {
    name: 'built-source',
    enforce: 'pre' as const,
    config: () => ({ test: { server: { deps: { external: [/\/dist\/.*\.js$/] } } } }),
    configureVitest({ vitest }: VitestPluginContext) {
      isWatching = vitest.config.watch
    },
    resolveId(source: string, importer?: string) {
      if (isWatching || importer === undefined || !/^\..*\.ts$/.test(source)) return undefined
      const path = resolve(dirname(importer), source)
      if (!path.startsWith(SOURCE) || !existsSync(path)) return undefined
      const built = join(BUILT, relative(SOURCE, path).replace(/\.ts$/, '.js'))
      return existsSync(built) ? built : undefined
    },
  }
}
