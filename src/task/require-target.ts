import { EosflowError } from '../model/error.ts'
import { isTarget } from './boot-lines.ts'
import type { TaskContext } from './context.ts'
import { foreignLines, quoted } from './foreign-lines.ts'

/** Throws `verification` unless running-config is the approved one; `when` says around what it was read. */
export async function requireTarget(
  context: TaskContext<unknown>,
  name: string,
  running: string,
  when: string,
): Promise<void> {
  const { target } = context.history(name)
  if (target === undefined) throw new EosflowError('bug', `${name}: nothing was staged`)
  if (await isTarget(context, name, running)) return
  const approved = await context.texts.get(target)
  throw new EosflowError(
    'verification',
    `${name}: running-config is not the approved one ${when}; somebody else has changed: ${quoted(foreignLines(approved, running))}`,
    { device: name },
  )
}
