import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of this checkout. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** The command line as it is shipped: the first argument of Node. */
export const BUILT = join(ROOT, 'dist/doors/cli/main.js')

/** The folder of the bundled fabric. */
export const DC1 = join(ROOT, 'fixtures/dc1')
