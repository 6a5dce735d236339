import { EosflowError } from '../../../model/error.ts'
import type { ChangeTexts } from './config-changes.ts'
import type { TaskContext } from './context.ts'
import { type BesideTarget, besideTarget } from './foreign-lines.ts'

/** What the journal kept of a change; undefined where nothing was staged. */
export async function changeTexts(
  { history, texts }: Pick<TaskContext<unknown>, 'history' | 'texts'>,
  name: string,
): Promise<ChangeTexts | undefined> {
  const { base, target } = history(name)
  if (base === undefined || target === undefined) return undefined
  return { base: await texts.get(base), target: await texts.get(target) }
}

/**
 * What a running-config behind the commit holds besides the approved one, and what it lacks of it. Throws `bug` where nothing was
 * staged.
 */
export async function foundBesideTarget(
  context: Pick<TaskContext<unknown>, 'history' | 'texts'>,
  name: string,
  running: string,
): Promise<BesideTarget> {
  const change = await changeTexts(context, name)
  if (change === undefined) throw new EosflowError('bug', `${name}: nothing was staged`)
  return besideTarget(change, running)
}
