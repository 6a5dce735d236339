import { listWords } from '../../../change/inventory/selector.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import type { Invocation } from '../terminal/io.ts'

/** The invocation with the switches that `-t`, or `--limit`, means where it names a file or an execution; what was typed is `typedTarget` then, for the line "Next". Throws InputError. */
export async function withMeantTarget(invocation: Invocation): Promise<Invocation> {
  const { target, limit, ...rest } = invocation.options
  if (target !== undefined && limit !== undefined) {
    throw inputError('--limit', 'bad-usage', '--limit is --target, and both are given', 'Leave one out.')
  }
  const typed = target ?? limit
  if (typeof typed !== 'string') return invocation
  const words = listWords(typed)
  if (words.length === 0) return { ...invocation, options: { ...rest, target: typed } }
  const meant = await meantBy(
    invocation,
    typed,
    words.some(({ text }) => !text.startsWith('@')),
  )
  // Standard input cannot be read a second time: who runs the line again has no list of it.
  const typedTarget = words.some(({ text }) => text === '@-') ? meant : typed
  return { ...invocation, options: { ...rest, target: meant, typedTarget } }
}

async function meantBy(invocation: Invocation, typed: string, isOnRecord: boolean) {
  const { io, global } = invocation
  const [{ withApp }, { openProject }, { readGiven }, { failedSwitches }, { meantTarget }] = await Promise.all([
    import('../terminal/compose.ts'),
    import('../../../project/files/project.ts'),
    import('../../../project/system/process/read-given.ts'),
    import('../../../project/history/executions/failed-switches.ts'),
    import('../../../project/history/executions/meant-target.ts'),
  ])
  const file = (path: string) => readGiven(io, path)
  const none = async () => ({ execution: '', names: [] })
  if (!isOnRecord) return meantTarget(typed, () => openProject(io, global).inventory(), { file, failed: none })
  let meant = typed
  await withApp(invocation, async ({ app, caller }) => {
    const failed = (word: string) => failedSwitches(app, caller, word)
    meant = await meantTarget(typed, () => app.project.inventory(), { file, failed })
    return 0
  })
  return meant
}
