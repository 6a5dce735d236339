import { InputError } from '../../../project/system/process/input-error.ts'
import type { Invocation } from '../terminal/io.ts'

/** In a project without a store `nothing` says so instead, and the exit code is 0. A store that was named with `--store` and is not there stays a mistake. */
export async function unlessNoStore(
  { global }: Pick<Invocation, 'global'>,
  work: () => Promise<number>,
  nothing: () => void,
): Promise<number> {
  try {
    return await work()
  } catch (error) {
    const isMissing = error instanceof InputError && error.problems.some(({ code }) => code === 'no-store')
    if (!isMissing || global.store !== undefined) throw error
    nothing()
    return 0
  }
}
