import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { EosflowError } from '../../../model/error.ts'
import { withFileLock } from '../../system/machine/file-lock.ts'
import type { Host } from '../../system/process/host.ts'
import { noSeams } from '../../system/process/seams.ts'

/** For how many milliseconds another process that seals is waited for. */
const WAIT = 1_000

/** Does what one process of this machine alone does at a time, in the folder of segments, which is made. Throws `busy`, and `store` where the disk does not take it. */
export async function whileSealing<T>(folder: string, host: Pick<Host, 'seams'>, work: () => Promise<T>): Promise<T> {
  makeSegmentFolder(folder)
  const { clock } = host.seams ?? noSeams
  let isBegun = false
  const begin = (): Promise<T> => {
    isBegun = true
    return work()
  }
  try {
    return await withFileLock(join(folder, 'sealing'), { clock, milliseconds: WAIT }, begin)
  } catch (thrown) {
    if (isBegun || !(thrown instanceof EosflowError) || thrown.kind !== 'store') throw thrown
    const { message, hint, cause } = thrown
    throw new EosflowError('store', `${message}: nothing was sealed`, {
      ...(hint === undefined ? {} : { hint }),
      cause,
    })
  }
}

/** Makes the folder of segments where there is none. Throws `store` for one that cannot be made or written to. */
function makeSegmentFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw new EosflowError('store', `no segment can be put into ${folder} (${code}): nothing was sealed`, {
      hint: 'Check that it is a folder, its rights and its disk.',
      cause,
    })
  }
}
