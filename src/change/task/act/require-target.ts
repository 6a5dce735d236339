import { EosflowError } from '../../../model/error.ts'
import { foundBesideTarget } from './beside-target.ts'
import { isTarget } from './boot-lines.ts'
import type { TaskContext } from './context.ts'
import { quoted } from './foreign-lines.ts'

/** Throws `verification` unless running-config is the approved one; `when` says around what it was read. */
export async function requireTarget(
  context: TaskContext<unknown>,
  name: string,
  running: string,
  when: string,
): Promise<void> {
  if (await isTarget(context, name, running)) return
  const { taken, foreign } = await foundBesideTarget(context, name, running)
  const lines = quoted([...taken, ...foreign])
  throw new EosflowError(
    'verification',
    `${name}: running-config is not the approved one ${when}; EOS or somebody else has changed: ${lines}`,
    { device: name },
  )
}
